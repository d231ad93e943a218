package io.anteroom.status;

import io.anteroom.async.Ticker;
import io.anteroom.queue.TaskQueue;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.anteroom.task.TaskStatus.Estimate;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the guess when a task starts or ends next to its status, from the limit in force and the runs seen so far. */
final class EtaForecast {
  private static final Logger log = LoggerFactory.getLogger(EtaForecast.class);

  /** So long the figures read last are good enough for a guess. */
  private static final long FIGURES_KEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final TaskQueue queue;
  private final Clock clock;
  private final Ticker ticker;
  private final DurationEstimator estimator = new DurationEstimator();
  private int limit;
  private int waiting;
  private long limitRead;
  private boolean limitKnown;

  EtaForecast(TaskQueue queue, Clock clock, Ticker ticker) {
    this.queue = queue;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** Reads the figures when they may have changed; never fails, for a guess is not worth an error. */
  Future<Void> refresh() {
    if (limitKnown && ticker.nanos() - limitRead < FIGURES_KEEP_NANOS) {
      return Future.succeededFuture();
    }
    return queue.stats().onSuccess(this::note).<Void>mapEmpty().otherwiseEmpty();
  }

  /** How many tasks wait in the whole lab, as read last. */
  int waiting() {
    return waiting;
  }

  private void note(TaskQueue.Stats figures) {
    limit = figures.limit();
    waiting = figures.waiting();
    limitRead = ticker.nanos();
    limitKnown = true;
  }

  /** Learns from a task that completed. */
  void learn(TaskId id) {
    queue.status(id)
      .onSuccess(found -> found.flatMap(EtaForecast::runTime).ifPresent(estimator::ran))
      .onFailure(cause -> log.debug("A run time was not learned: task={} cause={}", id, cause.getMessage()));
  }

  Optional<Estimate> of(TaskStatus task) {
    return switch (task.state()) {
      case QUEUED -> estimator.waiting(task.position(), limit);
      case PROCESSING -> task.times().started().flatMap(this::rest);
      default -> Optional.empty();
    };
  }

  private Optional<Estimate> rest(Instant started) {
    return estimator.running(Duration.between(started, clock.instant()));
  }

  private static Optional<Duration> runTime(TaskStatus task) {
    return task.times().started()
      .flatMap(started -> task.times().finished().map(finished -> Duration.between(started, finished)));
  }
}
