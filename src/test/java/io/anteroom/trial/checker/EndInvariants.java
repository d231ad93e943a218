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

/** How tasks end: each of them once, as its student can learn, and as the instances really saw it. */
final class EndInvariants {
  /** How a task ends that waited too long for an instance that was out. */
  private static final String GAVE_UP = "instance_gave_up";

  private EndInvariants() {
  }

  /** An acknowledged task reaches exactly one end, and every node tells it. */
  static Finding oneEnd(Evidence evidence) {
    List<Violation> violations = new ArrayList<>();
    Map<TaskState, Integer> ends = new TreeMap<>();
    for (HistoryEvent note : evidence.notes().acknowledged()) {
      List<ReportedOutcome> told = evidence.told().getOrDefault(note.task, List.of());
      Set<String> different = new HashSet<>(note.ends);
      told.forEach(one -> different.add(one.isFinal() ? one.state().word() : "no end"));
      if (told.isEmpty() || different.size() != 1 || different.contains("no end")) {
        violations.add(new Violation(note.task, "%s; in the end %s".formatted(note, told)));
      } else {
        ends.merge(told.get(0).state(), 1, Integer::sum);
      }
    }
    return new Finding("every acknowledged task reaches exactly one end, which every node tells",
      "%,d tasks: %s".formatted(evidence.notes().acknowledged().size(), inWords(ends)), violations);
  }

  /** What a task is said to have come to is what the instances saw. */
  static Finding endIsTrue(Evidence evidence) {
    Map<String, List<Run>> runs = evidence.runsByTask();
    List<Violation> violations = new ArrayList<>();
    int judged = 0;
    for (HistoryEvent note : evidence.notes().acknowledged()) {
      List<Run> its = runs.getOrDefault(note.task, List.of());
      Optional<ReportedOutcome> told = evidence.end(note.task);
      judged += told.isPresent() ? 1 : 0;
      told.filter(end -> !isTrue(note, end, its, evidence)).ifPresent(end -> violations.add(
        new Violation(note.task, "%s of %s, but its runs were %s".formatted(end, note, words(its)))));
    }
    return new Finding("the end that is told is the end at the instance", "%,d ends".formatted(judged), violations);
  }

  private static boolean isTrue(HistoryEvent note, ReportedOutcome told, List<Run> runs, Evidence evidence) {
    Outcome last = runs.isEmpty() ? null : runs.get(runs.size() - 1).outcome();
    return switch (told.state()) {
      case COMPLETED -> last == Outcome.SUCCESS;
      case FAILED -> note.work == Work.IMPOSSIBLE || told.error().equals(GAVE_UP)
        ? runs.isEmpty() : last == Outcome.ERROR;
      case CANCELLED -> note.cancelAsked && (last == null || last == Outcome.INTERRUPTED || last == Outcome.KILLED);
      case TIMED_OUT -> last == null ? wasHeldByADeadWorker(told, evidence)
        : hasRunTooLong(told, runs.get(runs.size() - 1));
      case LOST -> last == Outcome.KILLED && told.attempts() >= TrialSettings.MAX_ATTEMPTS;
      case QUEUED, PROCESSING -> false;
    };
  }

  /** The node counts from the instance's answer, which may come a little before the run begins, or after. */
  private static boolean hasRunTooLong(ReportedOutcome told, Run run) {
    long ran = told.finishedAt() - run.beganAt();
    return (run.outcome() == Outcome.INTERRUPTED || run.outcome() == Outcome.KILLED)
      && ran >= TrialSettings.TIMEOUT.minusSeconds(1).toMillis();
  }

  /** An instance whose worker is dead says that a task runs which never began. */
  private static boolean wasHeldByADeadWorker(ReportedOutcome told, Evidence evidence) {
    long finished = evidence.onTheLedgersClock(told.finishedAt());
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
