package io.anteroom.simulator.comfyui;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;

/** What differs on the wire between the releases of ComfyUI that were recorded; nothing else asks for the version. */
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

  /** The answers of endpoints that never change while the server runs, by path. */
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

  /** A node's entry in {@code /object_info} as this version words it. */
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

  /** Whether jobs are cancelled by their own routes. Not on the recordings: from ComfyUI's pull request 14493. */
  public boolean cancelsJobs() {
    return this == V0_28_0;
  }

  /** Whether a prompt_id must be a canonical UUID. Not on the recordings: from ComfyUI's pull request 13998. */
  public boolean wantsCanonicalIds() {
    return this == V0_28_0;
  }

  /** Whether the server stamps {@code extra_data.create_time}, and so trips over extra_data that is no object. */
  public boolean stampsCreateTime() {
    return this != V0_3_64;
  }

  /** Whether queue, history and jobs are without the credentials of {@code extra_data}; they are since 0.3.68. */
  public boolean hidesCredentials() {
    return this != V0_3_64;
  }

  /** Whether a cycle among the nodes is an error of its own; before, it is a recursion that ends nowhere. */
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

  /** Where this version's code raised an error: tracebacks carry it, and pages show it. */
  public String sourceLine(String function) {
    return "  File \"execution.py\", in " + function + " (simulated ComfyUI " + number + ")\n";
  }

}
