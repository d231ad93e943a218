package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.trial.checker.Invariant.Finding;
import io.anteroom.trial.checker.Invariant.Violation;
import io.anteroom.trial.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often and in which order tasks run. */
final class RunInvariants {
  private RunInvariants() {
  }

  /** A task runs once, and again only when its run was lost; then {@code attempts} says so. */
  static Finding atMostOnce(Evidence evidence) {
    List<Violation> violations = new ArrayList<>();
    int again = 0;
    for (Map.Entry<String, List<Run>> task : evidence.runsByTask().entrySet()) {
      List<Run> runs = task.getValue();
      again += runs.size() > 1 ? 1 : 0;
      boolean eachWasLost = runs.subList(0, runs.size() - 1).stream().allMatch(run -> run.outcome() == Outcome.KILLED);
      boolean apart = Usage.of(runs).most() == 1;
      int said = evidence.told().getOrDefault(task.getKey(), List.of()).stream().filter(ReportedOutcome::isFinal)
        .mapToInt(ReportedOutcome::attempts).max().orElse(runs.size());
      if (!eachWasLost || !apart || runs.size() > Math.max(1, said)) {
        violations.add(new Violation(task.getKey(),
          "ran %d times, %d attempts are told: %s".formatted(runs.size(), said, EndInvariants.words(runs))));
      }
    }
    return new Finding("no task runs twice, unless its run was lost and attempts says so",
      "%,d tasks ran, %d again after a lost run".formatted(evidence.runsByTask().size(), again), violations);
  }

  /** What was refused, at every try and with an answer to each, never runs. */
  static Finding refusedNeverRuns(Evidence evidence) {
    Map<String, List<Run>> runs = evidence.runsByTask();
    List<HistoryEvent> refused = evidence.notes().refused();
    List<Violation> violations = refused.stream().filter(note -> runs.containsKey(note.task))
      .map(note -> new Violation(note.task, "was refused, but ran: " + EndInvariants.words(runs.get(note.task))))
      .toList();
    return new Finding("no task that was refused ever runs", "%,d refused".formatted(refused.size()), violations);
  }

  /** A student's tasks begin in the order in which they were acknowledged, apart from those for the front. */
  static Finding order(Evidence evidence) {
    Map<String, List<Run>> runs = evidence.runsByTask();
    Map<String, List<HistoryEvent>> students = evidence.notes().acknowledged().stream()
      .filter(note -> !note.front && runs.containsKey(note.task))
      .collect(Collectors.groupingBy(note -> note.user, TreeMap::new, Collectors.toList()));
    List<Violation> violations = new ArrayList<>();
    int pairs = 0;
    for (List<HistoryEvent> notes : students.values()) {
      for (int i = 1; i < notes.size(); i++, pairs++) {
        HistoryEvent earlier = notes.get(i - 1);
        HistoryEvent later = notes.get(i);
        if (runs.get(later.task).get(0).begin() < runs.get(earlier.task).get(0).begin()) {
          violations.add(new Violation(later.task, "began before the earlier " + earlier.task));
        }
      }
    }
    return new Finding("a student's tasks begin in their order", "%,d pairs".formatted(pairs), violations);
  }

  /** Sockets and lists show a student nothing of anybody else. */
  static Finding onlyOwn(Evidence evidence) {
    List<Violation> violations = new ArrayList<>();
    int ids = 0;
    for (var student : evidence.notes().shown().entrySet()) {
      for (String task : student.getValue()) {
        ids++;
        String owner = evidence.ownerOf(task);
        if (!owner.equals(student.getKey())) {
          violations.add(new Violation(task, "is %s's, but %s was shown it".formatted(owner, student.getKey())));
        }
      }
    }
    return new Finding("nobody is shown somebody else's task",
      "%,d tasks shown to %d students".formatted(ids, evidence.notes().shown().size()), violations);
  }
}
