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
      int said = evidence.reported().getOrDefault(task.getKey(), List.of()).stream().filter(ReportedOutcome::isFinal)
        .mapToInt(ReportedOutcome::attempts).max().orElse(runs.size());
      if (!eachWasLost || !apart || runs.size() > Math.max(1, said)) {
        violations.add(new Violation(task.getKey(),
          "ran %d times, %d attempts are reported: %s".formatted(runs.size(), said, EndInvariants.words(runs))));
      }
    }
    return new Finding("no task runs twice, unless its run was lost and attempts says so",
      "%,d tasks ran, %d again after a lost run".formatted(evidence.runsByTask().size(), again), violations);
  }

  /** What was refused, at every try and with an answer to each, never runs. */
  static Finding refusedNeverRuns(Evidence evidence) {
    Map<String, List<Run>> runs = evidence.runsByTask();
    List<HistoryEvent> refused = evidence.history().refused();
    List<Violation> violations = refused.stream().filter(event -> runs.containsKey(event.task))
      .map(event -> new Violation(event.task, "was refused, but ran: " + EndInvariants.words(runs.get(event.task))))
      .toList();
    return new Finding("no task that was refused ever runs", "%,d refused".formatted(refused.size()), violations);
  }

  /** A student's tasks begin in the order in which they were acknowledged, apart from those for the front. */
  static Finding order(Evidence evidence) {
    Map<String, List<Run>> runs = evidence.runsByTask();
    Map<String, List<HistoryEvent>> students = evidence.history().acknowledged().stream()
      .filter(event -> !event.front && runs.containsKey(event.task))
      .collect(Collectors.groupingBy(event -> event.user, TreeMap::new, Collectors.toList()));
    List<Violation> violations = new ArrayList<>();
    int pairs = 0;
    for (List<HistoryEvent> history : students.values()) {
      for (int i = 1; i < history.size(); i++, pairs++) {
        HistoryEvent earlier = history.get(i - 1);
        HistoryEvent later = history.get(i);
        if (runs.get(later.task).get(0).begin() < runs.get(earlier.task).get(0).begin()) {
          violations.add(new Violation(later.task, "began before the earlier " + earlier.task));
        }
      }
    }
    return new Finding("a student's tasks begin in their order", "%,d pairs".formatted(pairs), violations);
  }

  /** Sockets and lists show a student only their own tasks. */
  static Finding onlyOwn(Evidence evidence) {
    List<Violation> violations = new ArrayList<>();
    int ids = 0;
    for (var student : evidence.history().shown().entrySet()) {
      for (String task : student.getValue()) {
        ids++;
        String owner = evidence.ownerOf(task);
        if (!owner.equals(student.getKey())) {
          violations.add(new Violation(task, "is %s's, but %s was shown it".formatted(owner, student.getKey())));
        }
      }
    }
    return new Finding("no student is shown another's task",
      "%,d tasks shown to %d students".formatted(ids, evidence.history().shown().size()), violations);
  }
}
