package io.anteroom.dispatch;

import io.anteroom.async.SerialTask;
import io.anteroom.bus.Events;
import io.anteroom.comfy.ClientIds;
import io.anteroom.comfy.OwnRunsParser.OwnRun;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.metrics.Metric;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Recovery.Reading.Found;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles the store with the instances whenever it came back: it may be older than what runs there, or empty.
 *
 * <p>Until every instance was read, nothing is claimed in the whole lab. An instance that does not answer soon is not
 * waited for: the store counts it as down, and it is read at every further pass until it answers. So it gets no task
 * before all that it has is counted; only what it runs meanwhile is not.
 *
 * <p>Every dispatching node offers to do this, and the store picks one. When that node dies half-way, nothing has
 * changed and the store picks another.
 */
final class StoreReconciler {
  private static final Logger log = LoggerFactory.getLogger(StoreReconciler.class);

  /** Shorter than the store waits for the node that it has picked. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

  private final RunContext context;
  private final ConfigPublisher publisher;
  private final String owner;
  private final SerialTask reconciliation;

  StoreReconciler(RunContext context, ConfigPublisher publisher, String owner) {
    this.context = context;
    this.publisher = publisher;
    this.owner = owner;
    this.reconciliation = new SerialTask(this::reconcileNow);
  }

  /** Reads the instances that are still to be read, mostly none, and reports to the store what they have. */
  Future<Void> reconcile() {
    return reconciliation.runUnlessRunning();
  }

  private Future<Void> reconcileNow() {
    return context.queue().nextRecovery(owner).compose(this::prepare).compose(this::read);
  }

  /** A store that came back empty does not even know which instances there are. */
  private Future<Recovery> prepare(Recovery now) {
    return now.over() ? Future.succeededFuture(now)
      : publisher.publish().compose(published -> context.queue().nextRecovery(owner));
  }

  private Future<Void> read(Recovery now) {
    List<Future<Reading>> readings = now.unread().stream().map(this::reading).toList();
    return Future.join(readings).compose(read -> {
      List<Reading> all = readings.stream().map(Future::result).toList();
      boolean isNews = now.over() ? all.stream().anyMatch(Reading::answered) : !all.isEmpty();
      return isNews ? report(now, all) : Future.succeededFuture();
    });
  }

  private Future<Reading> reading(String name) {
    return context.directory().instance(name)
      .map(instance -> context.comfy().ours(instance)
        .timeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .map(ours -> new Reading(name, true, ours.stream().map(run -> found(instance, run)).toList()))
        .otherwise(Reading.silent(name)))
      .orElseGet(() -> Future.succeededFuture(Reading.silent(name)));
  }

  private Found found(Instance instance, OwnRun run) {
    return new Found(run.id(), Reading.Place.valueOf(run.place().name()),
      userOf(context.directory(), instance, run.clientId()), run.clientId(), run.attempt());
  }

  /** The user of a run that perhaps only its instance knows: the one of its pool that its client id names. */
  static String userOf(Directory directory, Instance instance, String clientId) {
    List<String> users = directory.users().stream()
      .filter(user -> directory.pool(user).filter(instance.pool()::equals).isPresent())
      .map(User::name)
      .filter(user -> ClientIds.isOf(user, clientId))
      .toList();
    return users.size() == 1 ? users.get(0) : Found.UNKNOWN_USER;
  }

  private Future<Void> report(Recovery now, List<Reading> readings) {
    return context.queue().recover(now.generation(), readings).map(result -> {
      if (result.counted()) {
        log.info("Reconciled the store with the instances: instances={} silent={} tasks_again={} doubles={}",
          readings.size(), readings.stream().filter(reading -> !reading.answered()).count(), result.again(),
          result.doubles());
        context.metrics().add(Metric.DISPATCH_RECOVERED.word(), result.again().size());
        result.doubles().keySet().forEach(instance -> removeDuplicates(result, instance));
        context.bus().publish(Events.WAKE, null);
      }
      return null;
    });
  }

  private void removeDuplicates(Recovery.Result result, String name) {
    context.directory().instance(name).ifPresent(instance -> result.doubles().get(name).forEach(id ->
      context.comfy().delete(instance, id).onFailure(failure ->
        log.warn("Could not remove a duplicate that waits at an instance: task={} instance={} cause={}", id, name,
          failure.getMessage()))));
  }
}
