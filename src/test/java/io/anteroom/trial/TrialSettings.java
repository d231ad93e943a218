package io.anteroom.trial;

import io.anteroom.support.cluster.NodeProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a trial is set up: {@code -Dtrial.seed=}, {@code -Dtrial.minutes=}, {@code -Dtrial.nodes=}, and {@code
 * -Dtrial.guard=false} for instances without the guard. Leases and time-outs are short, so that many faults fit in.
 */
public record TrialSettings(long seed, Duration length, int nodes, boolean guard) {
  public static final int LIMIT = 10;
  public static final int USER_RUNNING = 1;
  public static final Duration LEASE = Duration.ofSeconds(5);
  public static final Duration POLL = Duration.ofSeconds(1);
  public static final Duration TIMEOUT = Duration.ofSeconds(15);
  public static final int MAX_ATTEMPTS = 3;

  static TrialSettings given() {
    return new TrialSettings(
      Long.getLong("trial.seed", System.nanoTime() % 1_000_000),
      Duration.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("trial.minutes", "3")))),
      Integer.getInteger("trial.nodes", 3),
      Boolean.parseBoolean(System.getProperty("trial.guard", "true")));
  }

  /** The same with or without the guard. */
  TrialSettings with(boolean theGuard) {
    return new TrialSettings(seed, length, nodes, theGuard);
  }

  /** The environment variables of every node. */
  Map<String, String> ofNodes() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ANTEROOM_LIMIT_CONCURRENT", String.valueOf(LIMIT));
    variables.put("ANTEROOM_LIMIT_USER_RUNNING", String.valueOf(USER_RUNNING));
    variables.put("ANTEROOM_TASK_LEASE", LEASE.toSeconds() + "s");
    variables.put("ANTEROOM_TASK_POLL_INTERVAL", POLL.toSeconds() + "s");
    variables.put("ANTEROOM_TASK_POST_TIMEOUT", "2s");
    variables.put("ANTEROOM_TASK_GRACE", "3s");
    variables.put("ANTEROOM_TASK_TIMEOUT", TIMEOUT.toSeconds() + "s");
    variables.put("ANTEROOM_TASK_MAX_ATTEMPTS", String.valueOf(MAX_ATTEMPTS));
    variables.put("ANTEROOM_TASK_INTERRUPT_GRACE", "10s");
    variables.put("ANTEROOM_INSTANCE_PROBE_INTERVAL", "1s");
    variables.put("ANTEROOM_INSTANCE_GIVE_UP", "60s");
    variables.put("ANTEROOM_SESSION_GRACE", "10s");
    if (isLong()) {
      // The largest workflow that a node takes goes by its memory.
      variables.put(NodeProcess.JVM, "-Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    }
    return variables;
  }

  /** Whether there is time for faults as long as they may be; a short trial has short ones. */
  public boolean isLong() {
    return length.toMinutes() > 10;
  }

  @Override
  public String toString() {
    return "seed %d, %d s, %d nodes, %s guard, limit %d, %s".formatted(seed, length.toSeconds(), nodes,
      guard ? "with the" : "without a", LIMIT, ofNodes());
  }
}
