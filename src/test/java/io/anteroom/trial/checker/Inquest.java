package io.anteroom.trial.checker;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.trial.generator.Browser;
import io.anteroom.trial.generator.Browser.Answer;
import io.anteroom.trial.generator.Dice;
import io.anteroom.trial.history.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** After the lesson: asks every node about every task that was acknowledged, as its student. */
public final class Inquest {
  private static final int ASKERS = 8;
  private static final int TRIES = 5;
  private static final long LONGEST_MINUTES = 15;

  private final List<NodeProcess> nodes;

  public Inquest(List<NodeProcess> nodes) {
    this.nodes = nodes;
  }

  public Map<String, List<Told>> ask(List<Note> notes) throws InterruptedException {
    Map<String, List<Told>> told = new ConcurrentHashMap<>();
    ExecutorService askers = Executors.newFixedThreadPool(ASKERS);
    notes.forEach(note -> askers.submit(() -> told.put(note.task, ask(note))));
    askers.shutdown();
    if (!askers.awaitTermination(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      askers.shutdownNow();
    }
    return told;
  }

  private List<Told> ask(Note note) throws InterruptedException {
    Browser browser = new Browser(note.user, nodes, new Dice(0));
    List<Told> told = new ArrayList<>();
    for (NodeProcess node : nodes) {
      told.add(ask(browser, node, note));
    }
    return told;
  }

  private static Told ask(Browser browser, NodeProcess node, Note note) throws InterruptedException {
    Optional<Answer> answer = Optional.empty();
    for (int tries = 0; tries < TRIES && answer.filter(got -> got.status() < 500).isEmpty(); tries++) {
      answer = browser.status(node, note.task, 0);
    }
    return answer.filter(got -> got.status() == 200).map(got -> Told.of(node.name(), got.json()))
      .orElse(Told.nothing(node.name(), answer.map(Answer::status).orElse(0)));
  }
}
