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
 * One student at work: presses Run, now and then for the front or with a workflow that fails or never ends, cancels,
 * looks, reloads the page; has three tasks open at most. Notes all that the student is told.
 */
public final class StudentLife implements Runnable {
  private static final int OPEN = 3;
  private static final int TRIES = 60;

  private final String user;
  private final TrialHistory notes;
  private final SimulatedPage browser;
  private final PageState page;
  private final SeededRandom dice;
  private final BooleanSupplier lessonIsOver;
  private final Deque<HistoryEvent> open = new ArrayDeque<>();

  public StudentLife(Desk desk, TrialHistory notes, BooleanSupplier lessonIsOver) {
    this.user = desk.user();
    this.browser = desk.browser();
    this.page = desk.page();
    this.dice = desk.dice();
    this.notes = notes;
    this.lessonIsOver = lessonIsOver;
  }

  /** What a student sits at. */
  public record Desk(String user, SimulatedPage browser, PageState page, SeededRandom dice) {
  }

  @Override
  public void run() {
    try {
      while (!lessonIsOver.getAsBoolean()) {
        page.openAt(browser.anyNode().url());
        if (open.size() < OPEN) {
          pressRun(dice.oneIn(60) ? Work.ENDLESS : dice.oneIn(10) ? Work.FAILING : Work.GOOD);
        }
        haveAWhim();
        lookAfter(open.peekFirst());
        pause(200, 1_200);
      }
    } catch (InterruptedException lessonWasBrokenOff) {
      Thread.currentThread().interrupt();
    } finally {
      page.close();
    }
  }

  private void pressRun(Work work) throws InterruptedException {
    boolean front = dice.oneIn(10);
    HistoryEvent note = notes.wish(new HistoryEvent(UUID.randomUUID().toString(), user, work, front));
    JsonObject body = new JsonObject()
      .put("prompt", workflow(work)).put("prompt_id", note.task).put("client_id", page.clientId());
    if (front) {
      body.put("front", true);
    }
    send(note, body);
  }

  private JsonObject workflow(Work work) {
    double seconds = dice.between(0.2, 3);
    return switch (work) {
      case GOOD -> Workflows.lasting(seconds);
      case FAILING -> Workflows.failing(seconds);
      case ENDLESS -> Workflows.lasting(99_999);
      case IMPOSSIBLE -> Workflows.unknown();
    };
  }

  /** The same again and again, until somebody says yes or no; as the page does. */
  private void send(HistoryEvent note, JsonObject body) throws InterruptedException {
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<Answer> answer = browser.run(body);
      int status = answer.map(Answer::status).orElse(0);
      notes.answered(note, status);
      if (status == 200) {
        notes.count(tries == 0 ? "submitted" : "submitted, not at the first try");
        open.addLast(note);
        return;
      } else if (status >= 400 && status < 500) {
        notes.count("submit refused with " + status);
        return;
      }
      pause(200, 800);
    }
    notes.count("submit given up");
  }

  private void haveAWhim() throws InterruptedException {
    switch (dice.below(24)) {
      case 0 -> {
        page.close();
        notes.count("page reloaded");
      }
      case 1, 2 -> cancel();
      case 3 -> browser.list().filter(answer -> answer.status() == 200).ifPresent(this::readList);
      case 4 -> pressRun(Work.IMPOSSIBLE);
      default -> { }
    }
  }

  private void cancel() throws InterruptedException {
    if (!open.isEmpty()) {
      HistoryEvent note = dice.any(List.copyOf(open));
      note.cancelAsked = true;
      int status = browser.cancel(note.task).map(Answer::status).orElse(0);
      notes.count(status == 0 ? "cancel without an answer" : "cancel answered " + status);
    }
  }

  private void readList(Answer answer) {
    JsonArray tasks = answer.json().getJsonArray("tasks");
    tasks.forEach(task -> notes.shown(user, ((JsonObject) task).getString("task_id")));
    notes.count("list read");
  }

  /** Waits a moment for news of a task, and strikes it off the list when it has ended. */
  private void lookAfter(HistoryEvent note) throws InterruptedException {
    if (note == null) {
      return;
    }
    Optional<Answer> answer = browser.status(note.task, open.size() < OPEN ? 0 : 2);
    answer.filter(told -> told.status() == 200).map(told -> told.json().getString("status"))
      .filter(word -> TaskState.of(word).isFinal())
      .ifPresent(end -> {
        note.ends.add(end);
        open.remove(note);
      });
  }

  private void pause(int least, int most) throws InterruptedException {
    Thread.sleep(Math.round(dice.between(least, most)));
  }
}
