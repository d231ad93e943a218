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

/** The long polls that wait for a change or their timeout; bounded per user and in total. */
final class PendingPolls {
  static final int MAX_POLLS = 5_000;
  static final int MAX_POLLS_PER_USER = 50;

  private final Vertx vertx;
  /** Each with the timer of its timeout; touched by the verticle's event loop alone. */
  private final Map<Poll, Long> polls = new LinkedHashMap<>();
  private final Map<String, Integer> perUser = new HashMap<>();
  /** Read by the metrics on another thread. */
  private volatile int size;

  PendingPolls(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Answered when another version than {@code now} is delivered, and with the latest one at the timeout. */
  Future<Answer> add(Subject subject, Answer now, Duration timeout) {
    if (perUser.getOrDefault(subject.user(), 0) >= MAX_POLLS_PER_USER) {
      return Future.failedFuture(StatusErrors.tooManyOfUser(subject.user(), MAX_POLLS_PER_USER));
    }
    if (polls.size() >= MAX_POLLS) {
      return Future.failedFuture(StatusErrors.tooMany(MAX_POLLS));
    }
    long millis = Math.min(timeout.toMillis(), StatusServices.MAX_WAIT.toMillis());
    return Future.future(reply -> add(new Poll(subject, now, reply), millis));
  }

  /** The subjects of the open polls, of all users or of some. */
  Set<Subject> subjects(Predicate<String> ofUser) {
    return polls.keySet().stream()
      .map(Poll::subject)
      .filter(subject -> ofUser.test(subject.user()))
      .collect(Collectors.toSet());
  }

  /** Delivers the answers for these subjects; a task without one does not exist any more. */
  void deliver(Set<Subject> subjects, Map<Subject, Answer> answers) {
    for (Poll poll : List.copyOf(polls.keySet())) {
      Answer answer = answers.get(poll.subject());
      if (answer != null && poll.isNews(answer)) {
        end(poll);
      } else if (answer == null && subjects.contains(poll.subject())) {
        remove(poll);
        poll.fail(StatusErrors.unknownTask(poll.subject().task().orElseThrow()));
      }
    }
  }

  /** Answers all polls with their latest answer. */
  void close() {
    List.copyOf(polls.keySet()).forEach(this::end);
  }

  int size() {
    return size;
  }

  private void add(Poll poll, long millis) {
    polls.put(poll, vertx.setTimer(millis, over -> end(poll)));
    perUser.merge(poll.subject().user(), 1, Integer::sum);
    size = polls.size();
  }

  private void end(Poll poll) {
    remove(poll);
    poll.complete();
  }

  private void remove(Poll poll) {
    vertx.cancelTimer(polls.remove(poll));
    perUser.computeIfPresent(poll.subject().user(), (user, count) -> count == 1 ? null : count - 1);
    size = polls.size();
  }

  /** A request whose reply is held back until something changes. Touched by its verticle's event loop alone. */
  static final class Poll {
    private final Subject subject;
    private final Promise<Answer> reply;
    private Answer latest;

    Poll(Subject subject, Answer latest, Promise<Answer> reply) {
      this.subject = subject;
      this.latest = latest;
      this.reply = reply;
    }

    Subject subject() {
      return subject;
    }

    /** Whether this is another version than the client has; keeps its estimates if not. */
    boolean isNews(Answer now) {
      boolean news = !now.version().equals(latest.version());
      latest = now;
      return news;
    }

    /** Replies with the latest answer. */
    void complete() {
      reply.tryComplete(latest);
    }

    void fail(Throwable why) {
      reply.tryFail(why);
    }
  }
}
