package io.anteroom.trial;

import io.anteroom.simulator.Run;
import io.anteroom.trial.Fault.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A place is free at most a lease and a poll after its task has really ended, whatever died. Time in which nobody could
 * have known or written it does not count: while the store or every node was away, and one lease after the store was
 * back; while the instance did not answer. And a busy machine may be late on top.
 */
final class PlacePromise implements Promise {
  private final Duration promised;
  private final Duration lease;
  /** What the ledger's clock says when the wall clock says zero, in ms. */
  private long origin;

  PlacePromise(Duration lease, Duration poll) {
    this.lease = lease;
    this.promised = lease.plus(poll);
  }

  @Override
  public Finding judge(Evidence evidence) {
    long allowed = promised.plus(evidence.machine()).toMillis();
    origin = evidence.runs().stream().mapToLong(run -> run.begin() / 1_000_000 - run.beganAt()).min().orElse(0);
    List<Violation> violations = new ArrayList<>();
    List<Double> delays = new ArrayList<>();
    for (Map.Entry<String, List<Run>> task : evidence.runsByTask().entrySet()) {
      delay(evidence, task.getValue()).ifPresent(seconds -> {
        delays.add(seconds);
        if (seconds * 1000 > allowed) {
          violations.add(new Violation(task.getKey(), "its place was free %.1f s after its end: %s"
            .formatted(seconds, EndPromises.words(task.getValue()))));
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
    long finished = evidence.told().getOrDefault(last.promptId(), List.of()).stream().filter(Told::isFinal)
      .mapToLong(Told::finishedAt).findFirst().orElse(0);
    boolean endedItself = last.isOver() && last.outcome() != Run.Outcome.KILLED;
    if (finished == 0 || !endedItself) {
      return OptionalDouble.empty();
    }
    long end = last.end().getAsLong() / 1_000_000;
    long free = finished + origin;
    long excused = evidence.faults().stream().filter(fault -> excuses(fault, last.instance()))
      .mapToLong(fault -> overlap(fault, end, free)).sum();
    return OptionalDouble.of(Math.max(0, free - end - excused) / 1e3);
  }

  private static boolean excuses(Occurrence fault, String instance) {
    return fault.fault().reach() == Reach.EVERYBODY
      || fault.fault().reach() == Reach.INSTANCE && fault.victim().equals(instance);
  }

  private long overlap(Occurrence fault, long from, long to) {
    long more = fault.fault().reach() == Reach.EVERYBODY ? lease.toMillis() : 0;
    return Math.max(0,
      Math.min(to, fault.healed() / 1_000_000 + more) - Math.max(from, fault.began() / 1_000_000));
  }

  private static double at(List<Double> sorted, double share) {
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.round((sorted.size() - 1) * share));
  }
}
