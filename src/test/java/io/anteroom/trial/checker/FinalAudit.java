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

/** The final reads: asks every node about every acknowledged task, as its student. */
public final class FinalAudit {
  private static final int POLLERS = 8;
  private static final int TRIES = 5;
  private static final long MAX_MINUTES = 15;

  private final List<NodeProcess> nodes;

  public FinalAudit(List<NodeProcess> nodes) {
    this.nodes = nodes;
  }

  public Map<String, List<ReportedOutcome>> ask(List<HistoryEvent> history) throws InterruptedException {
    Map<String, List<ReportedOutcome>> reported = new ConcurrentHashMap<>();
    ExecutorService pollers = Executors.newFixedThreadPool(POLLERS);
    history.forEach(event -> pollers.submit(() -> reported.put(event.task, ask(event))));
    pollers.shutdown();
    if (!pollers.awaitTermination(MAX_MINUTES, TimeUnit.MINUTES)) {
      pollers.shutdownNow();
    }
    return reported;
  }

  private List<ReportedOutcome> ask(HistoryEvent event) throws InterruptedException {
    SimulatedPage browser = new SimulatedPage(event.user, nodes, new SeededRandom(0));
    List<ReportedOutcome> reported = new ArrayList<>();
    for (NodeProcess node : nodes) {
      reported.add(ask(browser, node, event));
    }
    return reported;
  }

  private static ReportedOutcome ask(SimulatedPage browser, NodeProcess node, HistoryEvent event)
      throws InterruptedException {
    Optional<Answer> answer = Optional.empty();
    for (int tries = 0; tries < TRIES && answer.filter(got -> got.status() < 500).isEmpty(); tries++) {
      answer = browser.status(node, event.task, 0);
    }
    return answer.filter(got -> got.status() == 200).map(got -> ReportedOutcome.of(node.name(), got.json()))
      .orElse(ReportedOutcome.nothing(node.name(), answer.map(Answer::status).orElse(0)));
  }
}
