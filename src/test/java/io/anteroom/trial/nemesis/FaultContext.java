package io.anteroom.trial.nemesis;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.trial.TrialCluster;
import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.generator.SeededRandom;
import io.anteroom.trial.history.TrialHistory;
import java.util.List;
import java.util.stream.IntStream;

/** Where faults happen: the house, the dice that choose a victim, and the time that a fault takes. */
public final class FaultContext {
  private static final double LONGEST_OF_A_SHORT_TRIAL = 6;

  private final TrialCluster house;
  private final SeededRandom dice;
  private final TrialSettings settings;
  private final TrialHistory notes;
  private boolean eldestSpared;

  /** @param notes where it is kept what students did for a fault */
  public FaultContext(TrialCluster house, SeededRandom dice, TrialSettings settings, TrialHistory notes) {
    this.notes = notes;
    this.house = house;
    this.dice = dice;
    this.settings = settings;
  }

  TrialCluster house() {
    return house;
  }

  SeededRandom dice() {
    return dice;
  }

  TrialHistory notes() {
    return notes;
  }

  TrialSettings settings() {
    return settings;
  }

  /** From now on the first node is not ended any more; it may still be frozen. */
  void spareTheEldest() {
    eldestSpared = true;
  }

  public boolean sparesTheEldest() {
    return eldestSpared;
  }

  /** Lets between so many seconds go by. */
  void lasts(double least, double most) throws InterruptedException {
    double seconds = dice.between(least, most);
    Thread.sleep(Math.round(1000 * (settings.isLong() ? seconds : Math.min(seconds, LONGEST_OF_A_SHORT_TRIAL))));
  }

  /** The places of nodes that may be ended. */
  List<Integer> mortals() {
    return IntStream.range(eldestSpared ? 1 : 0, house.nodes().size()).boxed().toList();
  }

  int anyMortal() {
    return dice.any(mortals());
  }

  int anyPlace() {
    return dice.below(house.nodes().size());
  }

  /** An instance at which something is going on. */
  SimulatedComfy anyInstance() {
    return dice.any(house.busyInstances());
  }
}
