package io.anteroom.trial.nemesis;

import io.anteroom.trial.generator.SeededRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Which fault comes next: every kind once in a random order, then every kind again.
 *
 * <p>Once the first node is spared, so that its memory can be sampled over the rest of the trial, the fault that ends
 * all nodes is not injected any more; before, it is three times as frequent.
 */
public final class FaultPlan {
  private static final int EARLY = 3;

  private final SeededRandom random;
  private final Deque<Fault> round = new ArrayDeque<>();

  public FaultPlan(SeededRandom random) {
    this.random = random;
  }

  Fault next(FaultContext context) {
    if (context.sparesFirstNode()) {
      round.remove(NodeNemesis.ALL_NODES_KILLED);
    }
    if (round.isEmpty()) {
      deal(context);
    }
    return round.pop();
  }

  private void deal(FaultContext context) {
    List<Fault> kinds = Fault.all();
    int more = context.settings().isLong() && !context.sparesFirstNode() ? EARLY - 1 : 0;
    for (int times = 0; times < more; times++) {
      kinds.add(NodeNemesis.ALL_NODES_KILLED);
    }
    round.addAll(random.shuffled(kinds));
    if (context.sparesFirstNode()) {
      round.remove(NodeNemesis.ALL_NODES_KILLED);
    }
  }
}
