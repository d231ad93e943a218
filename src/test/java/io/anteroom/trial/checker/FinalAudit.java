package io.anteroom.trial.checker;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.trial.generator.SeededRandom;
import io.anteroom.trial.generator.SimulatedPage;
import io.anteroom.trial.generator.SimulatedPage.Answer;
import io.anteroom.trial.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** After the lesson: asks every node about every task that was acknowledged, as its student. */
public final class FinalAudit {
  private static final int ASKERS = 8;
  private static final int TRIES = 5;
  private static final long LONGEST_MINUTES = 15;

  private final List<NodeProcess> nodes;

  public FinalAudit(List<NodeProcess> nodes) {
    this.nodes = nodes;
  }

  public Map<String, List<ReportedOutcome>> ask(List<HistoryEvent> notes) throws InterruptedException {
    Map<String, List<ReportedOutcome>> told = new ConcurrentHashMap<>();
    ExecutorService askers = Executors.newFixedThreadPool(ASKERS);
    notes.forEach(note -> askers.submit(() -> told.put(note.task, ask(note))));
    askers.shutdown();
    if (!askers.awaitTermination(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      askers.shutdownNow();
    }
    return told;
  }

  private List<ReportedOutcome> ask(HistoryEvent note) throws InterruptedException {
    SimulatedPage browser = new SimulatedPage(note.user, nodes, new SeededRandom(0));
    List<ReportedOutcome> told = new ArrayList<>();
    for (NodeProcess node : nodes) {
      told.add(ask(browser, node, note));
    }
    return told;
  }

  private static ReportedOutcome ask(SimulatedPage browser, NodeProcess node, HistoryEvent note)
      throws InterruptedException {
    Optional<Answer> answer = Optional.empty();
    for (int tries = 0; tries < TRIES && answer.filter(got -> got.status() < 500).isEmpty(); tries++) {
      answer = browser.status(node, note.task, 0);
    }
    return answer.filter(got -> got.status() == 200).map(got -> ReportedOutcome.of(node.name(), got.json()))
      .orElse(ReportedOutcome.nothing(node.name(), answer.map(Answer::status).orElse(0)));
  }
}
