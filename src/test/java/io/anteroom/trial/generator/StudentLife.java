package io.anteroom.trial.generator;

import io.anteroom.support.Workflows;
import io.anteroom.task.TaskState;
import io.anteroom.trial.generator.SimulatedPage.Answer;
import io.anteroom.trial.history.HistoryEvent;
import io.anteroom.trial.history.HistoryEvent.Work;
import io.anteroom.trial.history.TrialHistory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The generator of one student's requests: submits, now and then for the front or with a workflow that fails or never
 * ends, cancels, polls, reloads the page; has three tasks open at most. Records every reply in the history.
 */
public final class StudentLife implements Runnable {
  private static final int MAX_OPEN = 3;
  private static final int MAX_TRIES = 60;

  private final String user;
  private final TrialHistory history;
  private final SimulatedPage browser;
  private final PageState page;
  private final SeededRandom random;
  private final BooleanSupplier isOver;
  private final Deque<HistoryEvent> open = new ArrayDeque<>();

  public StudentLife(String user, SimulatedPage browser, PageState page, SeededRandom random, TrialHistory history,
      BooleanSupplier isOver) {
    this.user = user;
    this.browser = browser;
    this.page = page;
    this.random = random;
    this.history = history;
    this.isOver = isOver;
  }

  @Override
  public void run() {
    try {
      while (!isOver.getAsBoolean()) {
        page.openAt(browser.anyNode().url());
        if (open.size() < MAX_OPEN) {
          submit(random.oneIn(60) ? Work.ENDLESS : random.oneIn(10) ? Work.FAILING : Work.GOOD);
        }
        actAtRandom();
        pollTask(open.peekFirst());
        pause(200, 1_200);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      page.close();
    }
  }

  private void submit(Work work) throws InterruptedException {
    boolean front = random.oneIn(10);
    HistoryEvent event = history.invoke(new HistoryEvent(UUID.randomUUID().toString(), user, work, front));
    JsonObject body = new JsonObject()
      .put("prompt", workflow(work)).put("prompt_id", event.task).put("client_id", page.clientId());
    if (front) {
      body.put("front", true);
    }
    send(event, body);
  }

  private JsonObject workflow(Work work) {
    double seconds = random.between(0.2, 3);
    return switch (work) {
      case GOOD -> Workflows.lasting(seconds);
      case FAILING -> Workflows.failing(seconds);
      case ENDLESS -> Workflows.lasting(99_999);
      case IMPOSSIBLE -> Workflows.unknown();
    };
  }

  /** Retries until a node accepts or refuses it, as the page does. */
  private void send(HistoryEvent event, JsonObject body) throws InterruptedException {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      Optional<Answer> answer = browser.run(body);
      int status = answer.map(Answer::status).orElse(0);
      history.answered(event, status);
      if (status == 200) {
        history.count(tries == 0 ? "submitted" : "submitted, not at the first try");
        open.addLast(event);
        return;
      } else if (status >= 400 && status < 500) {
        history.count("submit refused with " + status);
        return;
      }
      pause(200, 800);
    }
    history.count("submit given up");
  }

  private void actAtRandom() throws InterruptedException {
    switch (random.below(24)) {
      case 0 -> {
        page.close();
        history.count("page reloaded");
      }
      case 1, 2 -> cancel();
      case 3 -> browser.list().filter(answer -> answer.status() == 200).ifPresent(this::readList);
      case 4 -> submit(Work.IMPOSSIBLE);
      default -> { }
    }
  }

  private void cancel() throws InterruptedException {
    if (!open.isEmpty()) {
      HistoryEvent event = random.any(List.copyOf(open));
      event.cancelAsked = true;
      int status = browser.cancel(event.task).map(Answer::status).orElse(0);
      history.count(status == 0 ? "cancel without an answer" : "cancel answered " + status);
    }
  }

  private void readList(Answer answer) {
    JsonArray tasks = answer.json().getJsonArray("tasks");
    tasks.forEach(task -> history.shown(user, ((JsonObject) task).getString("task_id")));
    history.count("list read");
  }

  /** Polls a task, and takes it off the list of open ones when it has ended. */
  private void pollTask(HistoryEvent event) throws InterruptedException {
    if (event == null) {
      return;
    }
    Optional<Answer> answer = browser.status(event.task, open.size() < MAX_OPEN ? 0 : 2);
    answer.filter(reported -> reported.status() == 200).map(reported -> reported.json().getString("status"))
      .filter(word -> TaskState.of(word).isFinal())
      .ifPresent(end -> {
        event.ends.add(end);
        open.remove(event);
      });
  }

  private void pause(int least, int most) throws InterruptedException {
    Thread.sleep(Math.round(random.between(least, most)));
  }
}
