package io.anteroom.trial.nemesis;

import io.anteroom.trial.generator.SeededRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Which fault comes next: every kind once in a random order, then every kind again.
 *
 * <p>Once the eldest node is spared, so that its memory can be watched over the rest of the trial, the fault that ends
 * all nodes does not happen any more; before, it happens three times as often.
 */
public final class FaultPlan {
  private static final int EARLY = 3;

  private final SeededRandom dice;
  private final Deque<Fault> round = new ArrayDeque<>();

  public FaultPlan(SeededRandom dice) {
    this.dice = dice;
  }

  Fault next(FaultContext scene) {
    if (scene.sparesTheEldest()) {
      round.remove(NodeNemesis.ALL_NODES_KILLED);
    }
    if (round.isEmpty()) {
      deal(scene);
    }
    return round.pop();
  }

  private void deal(FaultContext scene) {
    List<Fault> kinds = Fault.all();
    int more = scene.settings().isLong() && !scene.sparesTheEldest() ? EARLY - 1 : 0;
    for (int times = 0; times < more; times++) {
      kinds.add(NodeNemesis.ALL_NODES_KILLED);
    }
    round.addAll(dice.shuffled(kinds));
    if (scene.sparesTheEldest()) {
      round.remove(NodeNemesis.ALL_NODES_KILLED);
    }
  }
}
