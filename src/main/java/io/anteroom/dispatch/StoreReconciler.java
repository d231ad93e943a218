package io.anteroom.dispatch;

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
 * Holds the store against the instances whenever it came back: it may be older than what runs there, or empty.
 *
 * <p>Until every instance was asked, nothing is claimed in the whole lab. One that does not answer soon is not waited
 * for: the store takes it for down, whatever else is said of it, and it is asked again every time until it answers.
 * So it gets no task before all that it has is counted; only what it runs meanwhile is not.
 *
 * <p>Every dispatching node offers to do this, and the store asks one. When that one dies half-way, nothing has changed
 * and the store asks another.
 */
final class StoreReconciler {
  private static final Logger log = LoggerFactory.getLogger(StoreReconciler.class);

  /** Shorter than the store waits for the one whom it has asked. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final RunContext bench;
  private final ConfigPublisher inventory;
  private final String owner;
  private boolean taking;

  StoreReconciler(RunContext bench, ConfigPublisher inventory, String owner) {
    this.bench = bench;
    this.inventory = inventory;
    this.owner = owner;
  }

  /** Asks the instances that have to be asked now, mostly none, and tells the store what they have. */
  Future<Void> take() {
    if (taking) {
      return Future.succeededFuture();
    }
    taking = true;
    return bench.queue().nextRecovery(owner).compose(this::prepare).compose(this::read)
      .onComplete(taken -> taking = false);
  }

  /** A store that came back empty does not even know which instances there are. */
  private Future<Recovery> prepare(Recovery now) {
    return now.over() ? Future.succeededFuture(now)
      : inventory.tell().compose(told -> bench.queue().nextRecovery(owner));
  }

  private Future<Void> read(Recovery now) {
    List<Future<Reading>> readings = now.unread().stream().map(this::reading).toList();
    return Future.join(readings).compose(read -> {
      List<Reading> all = readings.stream().map(Future::result).toList();
      boolean isNews = now.over() ? all.stream().anyMatch(Reading::answered) : !all.isEmpty();
      return isNews ? tell(now, all) : Future.succeededFuture();
    });
  }

  private Future<Reading> reading(String name) {
    return bench.directory().instance(name)
      .map(instance -> bench.comfy().ours(instance)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(ours -> new Reading(name, true, ours.stream().map(run -> found(instance, run)).toList()))
        .otherwise(Reading.silent(name)))
      .orElseGet(() -> Future.succeededFuture(Reading.silent(name)));
  }

  private Found found(Instance instance, OwnRun run) {
    return new Found(run.id(), Reading.Place.valueOf(run.place().name()),
      userOf(bench.directory(), instance, run.clientId()), run.clientId(), run.attempt());
  }

  /** Whose a run is that perhaps only its instance knows: the user of its pool that its client id names. */
  static String userOf(Directory directory, Instance instance, String clientId) {
    List<String> users = directory.users().stream()
      .filter(user -> directory.pool(user).filter(instance.pool()::equals).isPresent())
      .map(User::name)
      .filter(user -> ClientIds.isOf(user, clientId))
      .toList();
    return users.size() == 1 ? users.get(0) : Found.UNKNOWN_USER;
  }

  private Future<Void> tell(Recovery now, List<Reading> readings) {
    return bench.queue().recover(now.generation(), readings).map(result -> {
      if (result.counted()) {
        log.info("The store was held against the instances: instances={} silent={} tasks_again={} doubles={}",
          readings.size(), readings.stream().filter(reading -> !reading.answered()).count(), result.again(),
          result.doubles());
        bench.tally().add(Metric.DISPATCH_RECOVERED.word(), result.again().size());
        result.doubles().keySet().forEach(instance -> takeOut(result, instance));
        bench.bus().publish(Events.WAKE, null);
      }
      return null;
    });
  }

  private void takeOut(Recovery.Result result, String name) {
    bench.directory().instance(name).ifPresent(instance -> result.doubles().get(name).forEach(id ->
      bench.comfy().delete(instance, id).onFailure(failure ->
        log.warn("A double that waits at an instance could not be taken out: task={} instance={} cause={}", id, name,
          failure.getMessage()))));
  }
}
