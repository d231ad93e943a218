package io.anteroom.status;

import io.anteroom.async.Ticker;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers status requests at once or when something changes (long polling).
 *
 * <p>A hint that something may have changed leads to one read of the store for all polls that it may concern; reads are
 * {@link #MIN_INTERVAL_MILLIS} apart, however many hints come. All of it happens on the verticle's event loop.
 */
final class LongPollHandler {
  private static final Logger log = LoggerFactory.getLogger(LongPollHandler.class);

  static final long MIN_INTERVAL_MILLIS = 200;

  private final Vertx vertx;
  private final StatusReader reader;
  private final PendingPolls polls;
  private final Ticker ticker;
  private final Set<String> changedUsers = new HashSet<>();
  private boolean allChanged;
  private boolean reading;
  private boolean storeAnswers = true;
  private long readAt;
  private long hints;

  LongPollHandler(Vertx vertx, StatusReader reader, PendingPolls polls, Ticker ticker) {
    this.vertx = vertx;
    this.reader = reader;
    this.polls = polls;
    this.ticker = ticker;
    this.readAt = ticker.nanos() - TimeUnit.MILLISECONDS.toNanos(MIN_INTERVAL_MILLIS);
  }

  /** Answers at once when the client has another version, no timeout, or a task that has ended; else on a change. */
  Future<Answer> answer(Subject subject, When when) {
    long hintsBefore = hints;
    return reader.read(subject).compose(now -> {
      if (isDue(subject, when, now)) {
        return Future.succeededFuture(now);
      }
      Future<Answer> held = polls.add(subject, now, when.timeout());
      if (hints != hintsBefore) {
        // A hint during the read may have come too late for the answer, and too early for the poll.
        hint(subject.user());
      }
      return held;
    });
  }

  private static boolean isDue(Subject subject, When when, Answer now) {
    boolean news = !when.known().isEmpty() && !when.known().equals(now.version());
    boolean ended = subject.task().isPresent() && now.tasks().get(0).state().isFinal();
    return news || ended || when.timeout().toMillis() < 1;
  }

  /** Something may have changed for this user. */
  void hint(String user) {
    hints++;
    if (polls.size() > 0) {
      changedUsers.add(user);
      readSoon();
    }
  }

  /** Something may have changed for all users: a start or an end moves the positions of all other tasks. */
  void hintAll() {
    hints++;
    if (polls.size() > 0) {
      allChanged = true;
      readSoon();
    }
  }

  private void readSoon() {
    if (!reading) {
      reading = true;
      long since = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - readAt);
      vertx.setTimer(Math.max(1, MIN_INTERVAL_MILLIS - since), now -> read());
    }
  }

  private void read() {
    Set<String> users = Set.copyOf(changedUsers);
    boolean all = allChanged;
    changedUsers.clear();
    allChanged = false;
    Set<Subject> subjects = polls.subjects(user -> all || users.contains(user));
    Future<Map<Subject, Answer>> read = subjects.isEmpty() ? Future.succeededFuture(Map.of()) : reader.read(subjects);
    read.onComplete(answers -> readSucceeded(subjects, answers), this::readFailed);
  }

  private void readSucceeded(Set<Subject> subjects, Map<Subject, Answer> answers) {
    polls.deliver(subjects, answers);
    storeAnswers = true;
    readEnded();
  }

  /** The polls stay open: the next read is due at the next hint or poll interval. */
  private void readFailed(Throwable cause) {
    if (storeAnswers) {
      log.warn("Could not read what changed, long polls stay open until it can be read: open={} cause={}",
        polls.size(), cause.getMessage());
    }
    storeAnswers = false;
    readEnded();
  }

  private void readEnded() {
    readAt = ticker.nanos();
    reading = false;
    if (allChanged || !changedUsers.isEmpty()) {
      readSoon();
    }
  }

  /**
   * What a status request is about.
   *
   * @param user  who requests it; other users' tasks do not exist for them
   * @param task  empty: the user's tasks
   * @param ended of these, how many that ended at most
   */
  record Subject(String user, Optional<TaskId> task, int ended) {
    static Subject task(String user, TaskId id) {
      return new Subject(user, Optional.of(id), 0);
    }

    static Subject tasksOf(String user, int ended) {
      return new Subject(user, Optional.empty(), ended);
    }
  }
}
