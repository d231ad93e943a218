package io.anteroom.simulator.comfyui;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;

/** The differences on the wire between the recorded releases of ComfyUI; no other code depends on the version. */
public enum ComfyVersion {
  V0_3_64("0.3.64"),
  V0_8_0("0.8.0"),
  V0_28_0("0.28.0");

  private final String number;
  private final JsonObject answers;

  ComfyVersion(String number) {
    this.number = number;
    this.answers = new JsonObject(Resource.bytes("comfyui-" + number + ".json"));
  }

  public static ComfyVersion of(String number) {
    return Arrays.stream(values())
      .filter(version -> version.number.equals(number))
      .findFirst()
      .orElseThrow(() -> new IllegalArgumentException(
        "no simulated ComfyUI has version %s, there are 0.3.64, 0.8.0 and 0.28.0".formatted(number)));
  }

  @Override
  public String toString() {
    return number;
  }

  /** Constant responses, by path. */
  public JsonObject constantAnswers() {
    return answers.getJsonObject("info");
  }

  /** {@code GET /features}, and the same in a socket's handshake. */
  public JsonObject serverFlags(boolean assets) {
    JsonObject flags = constantAnswers().getJsonObject("/features");
    return assets ? flags.copy().put("assets", true) : flags;
  }

  public Optional<String> contentSecurityPolicy() {
    return Optional.ofNullable(answers.getString("content_security_policy"));
  }

  public String pageCacheControl() {
    return answers.getString("page_cache_control");
  }

  public String scriptCacheControl() {
    return this == V0_28_0 ? "no-store" : "no-cache";
  }

  /** A node's entry in {@code /object_info} in the format of this version. */
  JsonObject nodeInfo(String name, JsonObject info) {
    JsonObject worded = info.copy()
      .mergeIn(answers.getJsonObject("node_extras", new JsonObject()))
      .mergeIn(answers.getJsonObject("nodes", new JsonObject()).getJsonObject(name, new JsonObject()));
    answers.getJsonArray("node_omits", new JsonArray()).forEach(key -> worded.remove((String) key));
    return worded;
  }

  public boolean hasJobs() {
    return this != V0_3_64;
  }

  /** Whether an interrupted job is {@code cancelled}; before, it is {@code failed}. */
  public boolean tellsCancelledFromFailed() {
    return this == V0_28_0;
  }

  /** Whether jobs are cancelled by their own routes. Not recorded: from ComfyUI's pull request 14493. */
  public boolean cancelsJobs() {
    return this == V0_28_0;
  }

  /** Whether a prompt_id must be a canonical UUID. Not recorded: from ComfyUI's pull request 13998. */
  public boolean wantsCanonicalIds() {
    return this == V0_28_0;
  }

  /** Whether the server stamps {@code extra_data.create_time}, and so fails on extra_data that is not an object. */
  public boolean stampsCreateTime() {
    return this != V0_3_64;
  }

  /** Whether queue, history and jobs are without the credentials of {@code extra_data}; they are since 0.3.68. */
  public boolean hidesCredentials() {
    return this != V0_3_64;
  }

  /** Whether a cycle among the nodes is reported as such; before, it is an infinite recursion. */
  public boolean findsCycles() {
    return this == V0_28_0;
  }

  /** Whether there are routes of assets, though they may be disabled. */
  public boolean hasAssets() {
    return this == V0_28_0;
  }

  public boolean namesMissingNodes() {
    return this == V0_28_0;
  }

  public boolean forbidsSniffing() {
    return this == V0_28_0;
  }

  /** The location of an error in this version's code, shown in tracebacks. */
  public String sourceLine(String function) {
    return "  File \"execution.py\", in " + function + " (simulated ComfyUI " + number + ")\n";
  }

}
