package io.anteroom.trial.nemesis;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.trial.TrialCluster;
import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.generator.SeededRandom;
import io.anteroom.trial.history.TrialHistory;
import java.util.List;
import java.util.stream.IntStream;

/** What the nemesis works with: the cluster, the random choice of a victim, and the time that a fault takes. */
public final class FaultContext {
  private static final double MAX_SECONDS_OF_A_SHORT_TRIAL = 6;

  private final TrialCluster cluster;
  private final SeededRandom random;
  private final TrialSettings settings;
  private final TrialHistory history;
  private boolean firstNodeSpared;

  /** @param notes where it is kept what students did for a fault */
  public FaultContext(TrialCluster cluster, SeededRandom random, TrialSettings settings, TrialHistory history) {
    this.history = history;
    this.cluster = cluster;
    this.random = random;
    this.settings = settings;
  }

  TrialCluster cluster() {
    return cluster;
  }

  SeededRandom random() {
    return random;
  }

  TrialHistory history() {
    return history;
  }

  TrialSettings settings() {
    return settings;
  }

  /** From now on the first node is not ended any more; it may still be frozen. */
  void spareFirstNode() {
    firstNodeSpared = true;
  }

  public boolean sparesFirstNode() {
    return firstNodeSpared;
  }

  /** Waits between so many seconds. */
  void pause(double least, double most) throws InterruptedException {
    double seconds = random.between(least, most);
    Thread.sleep(Math.round(1000 * (settings.isLong() ? seconds : Math.min(seconds, MAX_SECONDS_OF_A_SHORT_TRIAL))));
  }

  /** The indices of the nodes that may be ended. */
  List<Integer> killable() {
    return IntStream.range(firstNodeSpared ? 1 : 0, cluster.nodes().size()).boxed().toList();
  }

  int anyKillable() {
    return random.any(killable());
  }

  int anyPlace() {
    return random.below(cluster.nodes().size());
  }

  /** An instance at which something is going on. */
  SimulatedComfy anyInstance() {
    return random.any(cluster.busyInstances());
  }
}
