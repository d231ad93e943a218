package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A place is free at most a lease and a poll after its task has really ended, whatever died. Time in which no node
 * could have known or written it does not count, nor the delay of a busy machine.
 */
final class PermitInvariant implements Invariant {
  private final Duration promised;

  PermitInvariant(Duration lease, Duration poll) {
    this.promised = lease.plus(poll);
  }

  @Override
  public Finding check(Evidence evidence) {
    long allowed = promised.plus(evidence.machine()).toMillis();
    List<Violation> violations = new ArrayList<>();
    List<Double> delays = new ArrayList<>();
    for (Map.Entry<String, List<Run>> task : evidence.runsByTask().entrySet()) {
      delay(evidence, task.getValue()).ifPresent(seconds -> {
        delays.add(seconds);
        if (seconds * 1000 > allowed) {
          violations.add(new Violation(task.getKey(), "its place was free %.1f s after its end: %s"
            .formatted(seconds, EndInvariants.words(task.getValue()))));
        }
      });
    }
    delays.sort(null);
    return new Finding("a place is free at most a lease and a poll after the end",
      "%,d ends, median %.2f s, worst %.1f s, at most %.1f s".formatted(delays.size(), at(delays, 0.5), at(delays, 1),
        allowed / 1e3), violations);
  }

  private OptionalDouble delay(Evidence evidence, List<Run> runs) {
    Run last = runs.get(runs.size() - 1);
    long finished = evidence.reported().getOrDefault(last.promptId(), List.of()).stream()
      .filter(ReportedOutcome::isFinal).mapToLong(ReportedOutcome::finishedAt).findFirst().orElse(0);
    boolean endedItself = last.isOver() && last.outcome() != Run.Outcome.KILLED;
    if (finished == 0 || !endedItself) {
      return OptionalDouble.empty();
    }
    long end = last.end().getAsLong() / 1_000_000;
    long free = evidence.onLedgerClock(finished);
    return OptionalDouble.of(Math.max(0, free - end - evidence.excused(last.instance(), end, free)) / 1e3);
  }

  private static double at(List<Double> sorted, double share) {
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.round((sorted.size() - 1) * share));
  }
}
