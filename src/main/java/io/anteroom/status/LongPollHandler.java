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
 * Answers questions at once or when something changes.
 *
 * <p>A hint that something may have changed leads to one look at the store for all whom it may concern; however many
 * hints come, looks are {@link #PAUSE_MILLIS} apart. All of it happens on the verticle's event loop.
 */
final class LongPollHandler {
  private static final Logger log = LoggerFactory.getLogger(LongPollHandler.class);

  static final long PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final StatusReader lookup;
  private final PendingPolls watchlist;
  private final Set<String> usersInDoubt = new HashSet<>();
  private boolean allInDoubt;
  private boolean looking;
  private boolean storeAnswers = true;
  private final Ticker ticker;
  private long lookedAt;
  private long hints;

  LongPollHandler(Vertx vertx, StatusReader lookup, PendingPolls watchlist, Ticker ticker) {
    this.vertx = vertx;
    this.lookup = lookup;
    this.watchlist = watchlist;
    this.ticker = ticker;
    this.lookedAt = ticker.nanos() - TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
  }

  /** Answers at once when the asker has another version, no patience, or a task that has ended; else on a change. */
  Future<Answer> ask(Subject subject, When when) {
    long hintsBefore = hints;
    return lookup.now(subject).compose(now -> {
      if (isDue(subject, when, now)) {
        return Future.succeededFuture(now);
      }
      Future<Answer> held = watchlist.hold(subject, now, when.timeout());
      if (hints != hintsBefore) {
        // What was hinted at meanwhile may have come too late for the picture, and too early for the watch.
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
    if (watchlist.size() > 0) {
      usersInDoubt.add(user);
      lookSoon();
    }
  }

  /** Something may have changed for everybody: who starts or ends moves all the others' positions. */
  void hintAll() {
    hints++;
    if (watchlist.size() > 0) {
      allInDoubt = true;
      lookSoon();
    }
  }

  private void lookSoon() {
    if (!looking) {
      looking = true;
      long since = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - lookedAt);
      vertx.setTimer(Math.max(1, PAUSE_MILLIS - since), now -> look());
    }
  }

  private void look() {
    Set<String> users = Set.copyOf(usersInDoubt);
    boolean all = allInDoubt;
    usersInDoubt.clear();
    allInDoubt = false;
    Set<Subject> subjects = watchlist.subjects(user -> all || users.contains(user));
    Future<Map<Subject, Answer>> looked = subjects.isEmpty() ? Future.succeededFuture(Map.of()) : lookup.now(subjects);
    looked.onComplete(pictures -> seen(subjects, pictures), this::unseen);
  }

  private void seen(Set<Subject> subjects, Map<Subject, Answer> pictures) {
    watchlist.bring(subjects, pictures);
    storeAnswers = true;
    looked();
  }

  /** They go on waiting: the next look is due when the next hint or the poll comes. */
  private void unseen(Throwable cause) {
    if (storeAnswers) {
      log.warn("Changes cannot be seen, questions stay open until they can: open={} cause={}",
        watchlist.size(), cause.getMessage());
    }
    storeAnswers = false;
    looked();
  }

  private void looked() {
    lookedAt = ticker.nanos();
    looking = false;
    if (allInDoubt || !usersInDoubt.isEmpty()) {
      lookSoon();
    }
  }

  /**
   * What somebody wants to know about.
   *
   * @param user whose question it is; others' tasks do not exist for him
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
