package io.anteroom.status;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.status.LongPollHandler.Subject;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The questions that are held back until something changes or their patience ends; never too many. */
final class PendingPolls {
  static final int MOST = 5_000;
  static final int MOST_OF_USER = 50;

  private final Vertx vertx;
  /** Each with the timer that ends its patience; touched by the verticle's event loop alone. */
  private final Map<Watcher, Long> watchers = new LinkedHashMap<>();
  private final Map<String, Integer> perUser = new HashMap<>();
  /** Read by the figures from elsewhere. */
  private volatile int size;

  PendingPolls(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Answered when a later picture than {@code now} is brought, and with the one seen last when patience ends. */
  Future<Answer> hold(Subject subject, Answer now, Duration patience) {
    if (perUser.getOrDefault(subject.user(), 0) >= MOST_OF_USER) {
      return Future.failedFuture(StatusErrors.tooManyOfUser(subject.user(), MOST_OF_USER));
    }
    if (watchers.size() >= MOST) {
      return Future.failedFuture(StatusErrors.tooMany(MOST));
    }
    long millis = Math.min(patience.toMillis(), StatusServices.MAX_WAIT.toMillis());
    return Future.future(reply -> add(new Watcher(subject, now, reply), millis));
  }

  /** What is asked for, of all users or of some. */
  Set<Subject> subjects(Predicate<String> ofUser) {
    return watchers.keySet().stream()
      .map(Watcher::subject)
      .filter(subject -> ofUser.test(subject.user()))
      .collect(Collectors.toSet());
  }

  /** Brings the pictures of these subjects; a task without one does not exist any more. */
  void bring(Set<Subject> subjects, Map<Subject, Answer> pictures) {
    for (Watcher watcher : List.copyOf(watchers.keySet())) {
      Answer picture = pictures.get(watcher.subject());
      if (picture != null && watcher.isNews(picture)) {
        end(watcher);
      } else if (picture == null && subjects.contains(watcher.subject())) {
        remove(watcher);
        watcher.refuse(StatusErrors.unknownTask(watcher.subject().task().orElseThrow()));
      }
    }
  }

  /** Answers everybody with what was seen last. */
  void close() {
    List.copyOf(watchers.keySet()).forEach(this::end);
  }

  int size() {
    return size;
  }

  private void add(Watcher watcher, long millis) {
    watchers.put(watcher, vertx.setTimer(millis, over -> end(watcher)));
    perUser.merge(watcher.subject().user(), 1, Integer::sum);
    size = watchers.size();
  }

  private void end(Watcher watcher) {
    remove(watcher);
    watcher.answer();
  }

  private void remove(Watcher watcher) {
    vertx.cancelTimer(watchers.remove(watcher));
    perUser.computeIfPresent(watcher.subject().user(), (user, count) -> count == 1 ? null : count - 1);
    size = watchers.size();
  }

  /** A question whose answer is held back until something changes. Touched by its verticle's event loop alone. */
  static final class Watcher {
    private final Subject subject;
    private final Promise<Answer> reply;
    private Answer latest;

    Watcher(Subject subject, Answer latest, Promise<Answer> reply) {
      this.subject = subject;
      this.latest = latest;
      this.reply = reply;
    }

    Subject subject() {
      return subject;
    }

    /** Whether this picture is another one than the asker has; keeps its estimates if not. */
    boolean isNews(Answer now) {
      boolean news = !now.version().equals(latest.version());
      latest = now;
      return news;
    }

    /** Answers with what was seen last. */
    void answer() {
      reply.tryComplete(latest);
    }

    void refuse(Throwable why) {
      reply.tryFail(why);
    }
  }
}
