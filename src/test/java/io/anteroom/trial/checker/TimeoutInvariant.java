package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.trial.history.HistoryEvent.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A run that goes on for ever is stopped when its time is up, at most a lease and two polls late, whatever died: one
 * poll to see that its time is up, one until it is stopped. Time in which no node could have stopped it does not count.
 */
final class TimeoutInvariant implements Invariant {
  private final Duration timeout;
  private final Duration promised;

  TimeoutInvariant(Duration timeout, Duration lease, Duration poll) {
    this.timeout = timeout;
    this.promised = timeout.plus(lease).plus(poll.multipliedBy(2));
  }

  @Override
  public Finding check(Evidence evidence) {
    long allowed = promised.plus(evidence.machine()).toMillis();
    List<Violation> violations = new ArrayList<>();
    long longest = 0;
    int stopped = 0;
    for (Run run : evidence.runs()) {
      long lasted = lasted(evidence, run);
      longest = Math.max(longest, lasted);
      stopped += lasted >= timeout.toMillis() ? 1 : 0;
      if (!run.isOver() || lasted > allowed) {
        violations.add(new Violation(run.promptId(),
          run.isOver() ? "ran for %.1f s".formatted(lasted / 1e3) : "runs still"));
      }
    }
    long endless = evidence.history().acknowledged().stream().filter(event -> event.work == Work.ENDLESS).count();
    return new Finding("no run goes on when its time is up",
      "%,d endless workflows, %,d runs stopped, longest %.1f s, at most %.1f s"
        .formatted(endless, stopped, longest / 1e3, allowed / 1e3), violations);
  }

  private static long lasted(Evidence evidence, Run run) {
    long begin = run.begin() / 1_000_000;
    long end = run.end().orElse(run.begin()) / 1_000_000;
    return end - begin - evidence.excused(run.instance(), begin, end);
  }
}
