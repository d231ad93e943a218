package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.task.TaskState;
import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.checker.Invariant.Finding;
import io.anteroom.trial.checker.Invariant.Violation;
import io.anteroom.trial.history.HistoryEvent;
import io.anteroom.trial.history.HistoryEvent.Work;
import io.anteroom.trial.nemesis.InstanceNemesis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How tasks end: each of them once, as every node reports it, and as it ended at its instance. */
final class EndInvariants {
  /** How a task ends that waited too long for an instance that was out. */
  private static final String GAVE_UP = "instance_gave_up";

  private EndInvariants() {
  }

  /** An acknowledged task reaches exactly one end, and every node reports it. */
  static Finding oneEnd(Evidence evidence) {
    List<Violation> violations = new ArrayList<>();
    Map<TaskState, Integer> ends = new TreeMap<>();
    for (HistoryEvent event : evidence.history().acknowledged()) {
      List<ReportedOutcome> reported = evidence.reported().getOrDefault(event.task, List.of());
      Set<String> different = new HashSet<>(event.ends);
      reported.forEach(one -> different.add(one.isFinal() ? one.state().word() : "no end"));
      if (reported.isEmpty() || different.size() != 1 || different.contains("no end")) {
        violations.add(new Violation(event.task, "%s; in the end %s".formatted(event, reported)));
      } else {
        ends.merge(reported.get(0).state(), 1, Integer::sum);
      }
    }
    return new Finding("every acknowledged task reaches exactly one end, which every node reports",
      "%,d tasks: %s".formatted(evidence.history().acknowledged().size(), inWords(ends)), violations);
  }

  /** The reported end of a task is the one at its instance. */
  static Finding endIsTrue(Evidence evidence) {
    Map<String, List<Run>> runs = evidence.runsByTask();
    List<Violation> violations = new ArrayList<>();
    int checked = 0;
    for (HistoryEvent event : evidence.history().acknowledged()) {
      List<Run> its = runs.getOrDefault(event.task, List.of());
      Optional<ReportedOutcome> reported = evidence.end(event.task);
      checked += reported.isPresent() ? 1 : 0;
      reported.filter(end -> !isTrue(event, end, its, evidence)).ifPresent(end -> violations.add(
        new Violation(event.task, "%s of %s, but its runs were %s".formatted(end, event, words(its)))));
    }
    return new Finding("the reported end is the end at the instance", "%,d ends".formatted(checked), violations);
  }

  private static boolean isTrue(HistoryEvent event, ReportedOutcome reported, List<Run> runs, Evidence evidence) {
    Outcome last = runs.isEmpty() ? null : runs.get(runs.size() - 1).outcome();
    return switch (reported.state()) {
      case COMPLETED -> last == Outcome.SUCCESS;
      case FAILED -> event.work == Work.IMPOSSIBLE || reported.error().equals(GAVE_UP)
        ? runs.isEmpty() : last == Outcome.ERROR;
      case CANCELLED -> event.cancelAsked && (last == null || last == Outcome.INTERRUPTED || last == Outcome.KILLED);
      case TIMED_OUT -> last == null ? wasHeldByADeadWorker(reported, evidence)
        : hasRunTooLong(reported, runs.get(runs.size() - 1));
      case LOST -> last == Outcome.KILLED && reported.attempts() >= TrialSettings.MAX_ATTEMPTS;
      case QUEUED, PROCESSING -> false;
    };
  }

  /** The node counts from the instance's answer, which may come a little before the run begins, or after. */
  private static boolean hasRunTooLong(ReportedOutcome reported, Run run) {
    long ran = reported.finishedAt() - run.beganAt();
    return (run.outcome() == Outcome.INTERRUPTED || run.outcome() == Outcome.KILLED)
      && ran >= TrialSettings.TIMEOUT.minusSeconds(1).toMillis();
  }

  /** An instance whose worker is dead reports a task as running that never began. */
  private static boolean wasHeldByADeadWorker(ReportedOutcome reported, Evidence evidence) {
    long finished = evidence.onLedgerClock(reported.finishedAt());
    return evidence.faults().stream().filter(fault -> fault.fault() == InstanceNemesis.ZOMBIE)
      .filter(fault -> fault.healed() - fault.began() >= TrialSettings.TIMEOUT.toNanos())
      .anyMatch(fault -> finished >= fault.began() / 1_000_000 && finished <= fault.until() / 1_000_000);
  }

  static String words(List<Run> runs) {
    return runs.isEmpty() ? "none" : runs.stream().map(run -> "%s on %s, attempt %s, %d..%s ms".formatted(run.outcome(),
      run.instance(), run.attempt(), run.begin() / 1_000_000,
      run.end().isPresent() ? run.end().getAsLong() / 1_000_000 : "")).collect(Collectors.joining("; "));
  }

  private static String inWords(Map<TaskState, Integer> ends) {
    return ends.entrySet().stream().map(end -> "%s %,d".formatted(end.getKey().word(), end.getValue()))
      .collect(Collectors.joining(", "));
  }
}
