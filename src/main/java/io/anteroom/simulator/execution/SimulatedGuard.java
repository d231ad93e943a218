package io.anteroom.simulator.execution;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Anteroom's guard in a simulated ComfyUI: accepts each attempt of a task once, and remembers ended tasks. Its state
 * is on disk, so it survives a restart.
 */
public final class SimulatedGuard {

  public static final String PROOF = "Anteroom-Proof";

  private static final int MAX_ATTEMPT = 1_000_000;
  private static final String ALGORITHM = "HmacSHA256";

  private final String secret;
  private final Map<String, Integer> floors = new HashMap<>();
  private final Map<String, JsonObject> ended = new HashMap<>();

  /** @param secret empty for none */
  public SimulatedGuard(String secret) {
    this.secret = secret;
  }

  /** Why a request is refused. */
  public record Refusal(int status, String type, String message) {
  }

  public boolean wantsProof() {
    return !secret.isEmpty();
  }

  /** Accepts the prompt, or returns the refusal. */
  public Optional<Refusal> objection(QueuedPrompt prompt, String proof) {
    Optional<Integer> attempt = attemptOf(prompt);
    if (attempt.isEmpty()) {
      return wantsProof() ? Optional.of(notThroughAnteroom()) : Optional.empty();
    }
    if (!isProven(proof, "run", prompt.id(), attempt.get().toString())) {
      return Optional.of(notThroughAnteroom());
    }
    if (ended.containsKey(prompt.id())) {
      return Optional.of(new Refusal(409, "task_has_ended", "This task has run already."));
    }
    if (attempt.get() < floors.getOrDefault(prompt.id(), 1)) {
      return Optional.of(new Refusal(409, "outdated_attempt", "A later attempt of this task is in force."));
    }
    raise(prompt.id(), attempt.get() + 1);
    return Optional.empty();
  }

  /** Fences off earlier attempts; returns the smallest that may run. */
  public int raise(String task, int attempt) {
    return floors.merge(task, attempt, Math::max);
  }

  /** Records the end of a prompt; the first end of a task counts. */
  void end(QueuedPrompt prompt, JsonObject entry) {
    attemptOf(prompt).ifPresent(attempt -> ended.putIfAbsent(prompt.id(), new JsonObject()
      .put("outputs", entry.getValue("outputs")).put("status", entry.getValue("status"))));
  }

  public JsonObject journal(String task) {
    JsonObject found = new JsonObject();
    Optional.ofNullable(ended.get(task)).ifPresent(entry -> found.put(task, entry));
    return found;
  }

  /** Whether the proof is valid, or there is no secret. */
  public boolean isProven(String proof, String... said) {
    return !wantsProof() || proof != null
      && MessageDigest.isEqual(right(said).getBytes(StandardCharsets.UTF_8), proof.getBytes(StandardCharsets.UTF_8));
  }

  public static Refusal notThroughAnteroom() {
    return new Refusal(403, "not_through_anteroom", "This ComfyUI only runs workflows that come through Anteroom.");
  }

  public static boolean isAttempt(Object value) {
    return value instanceof Integer attempt && attempt >= 1 && attempt <= MAX_ATTEMPT;
  }

  /** The attempt in Anteroom's mark; empty for other prompts. */
  private static Optional<Integer> attemptOf(QueuedPrompt prompt) {
    JsonObject said = prompt.anteroom();
    return QueuedPrompt.isCanonical(prompt.id()) && prompt.id().equals(said.getValue("task"))
      && isAttempt(said.getValue("attempt")) ? Optional.of(said.getInteger("attempt")) : Optional.empty();
  }

  private String right(String... said) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(String.join("\n", said).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
    }
  }
}
