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

/** Estimates when a task starts or ends (ETA), from the limit in force and the runs seen so far. */
final class EtaForecast {
  private static final Logger log = LoggerFactory.getLogger(EtaForecast.class);

  /** How long the stats that were read last are good enough for an estimate. */
  private static final long STATS_TTL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

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

  /** Reads the stats again once they are older than that; never fails, an estimate is not worth an error. */
  Future<Void> refresh() {
    if (limitKnown && ticker.nanos() - limitRead < STATS_TTL_NANOS) {
      return Future.succeededFuture();
    }
    return queue.stats().onSuccess(this::record).<Void>mapEmpty().otherwiseEmpty();
  }

  /** How many tasks wait in the whole lab, as read last. */
  int waiting() {
    return waiting;
  }

  private void record(TaskQueue.Stats stats) {
    limit = stats.limit();
    waiting = stats.waiting();
    limitRead = ticker.nanos();
    limitKnown = true;
  }

  /** Records the run time of a task that completed. */
  void learn(TaskId id) {
    queue.status(id)
      .onSuccess(found -> found.flatMap(EtaForecast::runTime).ifPresent(estimator::ran))
      .onFailure(cause -> log.debug("Could not record a run time: task={} cause={}", id, cause.getMessage()));
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
