package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.bus.Bus;
import io.anteroom.bus.Bus.Registration;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.cluster.Membership;
import io.anteroom.cluster.Membership.Departures.Subscription;
import io.anteroom.comfy.StatusSocket;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks: starts what may start on every event, and periodically in case an event was lost. */
public final class DispatchVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(DispatchVerticle.class);
  private static final String RECOVER_TASKS = "recover tasks";
  private static final Duration RECONCILE_INTERVAL = Duration.ofSeconds(1);
  private static final int MAX_START_TRIES = 10;
  private static final Duration START_BACKOFF = Duration.ofMillis(500);
  private static final Duration RECOVER_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RECONCILE_PERMITS_INTERVAL = Duration.ofSeconds(5);

  private final Settings settings;
  private final ConfigPublisher publisher;
  private final TaskQueue queue;
  private final Membership membership;
  private final MetricsRegistry metrics;
  private final List<Long> timers = new ArrayList<>();
  private final List<Registration> registrations = new ArrayList<>();
  private Dispatcher dispatcher;
  private Recoverer recoverer;
  private StatusSocketPool sockets;
  private Subscription departures;

  /** With a publisher of its own, for a node on which nothing else uses the configuration in force. */
  public DispatchVerticle(Settings settings, Supplier<Directory> directory, TaskQueue queue,
      Membership membership, MetricsRegistry metrics) {
    this(settings, new ConfigPublisher(settings, directory, queue, metrics), queue, membership, metrics);
  }

  /** With the publisher that the rest of the node uses too. */
  public DispatchVerticle(Settings settings, ConfigPublisher publisher, TaskQueue queue, Membership membership,
      MetricsRegistry metrics) {
    this.settings = settings;
    this.publisher = publisher;
    this.queue = queue;
    this.membership = membership;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    RunContext context = new RunContext(vertx, settings, publisher, queue, metrics, Ticker.system());
    StatusSocket socket = new StatusSocket(vertx, settings.instances());
    sockets = new StatusSocketPool(vertx, socket, publisher::directory, settings.node(), this::hint);
    dispatcher = new Dispatcher(context, membership, sockets);
    recoverer = new Recoverer(context, dispatcher, membership.incarnation());
    StoreReconciler reconciler = new StoreReconciler(context, publisher, settings.node());
    InstanceHealthChecker health = new InstanceHealthChecker(context);
    LeaseRenewer leases = new LeaseRenewer(queue, dispatcher, () -> publisher.task().renewInterval(), context.ticker());
    subscribe(context.bus(), health);
    every(settings.task().pollInterval(), "claim tasks to start", this::poll);
    every(LeaseRenewer.CHECK_INTERVAL, "renew leases", leases::renewWhenDue);
    every(RECONCILE_INTERVAL, "reconcile the store with the instances", reconciler::reconcile);
    every(RECOVER_INTERVAL, RECOVER_TASKS, recoverer::recover);
    every(RECONCILE_PERMITS_INTERVAL, "reconcile permits", dispatcher::reconcilePermits);
    every(ConfigPublisher.INTERVAL, "publish the configuration of this node", publisher::publish);
    every(settings.instances().probeInterval(), "check the instances", health::checkAll);
    return register(context, () -> publisher.publish().compose(published -> reconciler.reconcile()), MAX_START_TRIES)
      .onSuccess(ready -> {
        now(RECOVER_TASKS, recoverer.recover());
        health.checkAll();
      });
  }

  /** Retries: on a machine where everything starts at once the first replies may come too late. */
  private Future<Void> register(RunContext context, Supplier<Future<Void>> call, int tries) {
    return call.get().compose(known -> dispatcher.reconcilePermits()).recover(failure -> tries == 1
      ? Future.failedFuture(failure)
      : context.pause(START_BACKOFF).compose(waited -> register(context, call, tries - 1)));
  }

  @Override
  public Future<?> stop() {
    timers.forEach(vertx::cancelTimer);
    registrations.forEach(Registration::unregister);
    departures.cancel();
    return dispatcher.drain().eventually(sockets::close);
  }

  private void subscribe(Bus bus, InstanceHealthChecker health) {
    registrations.add(bus.serve(DispatchServices.START, dispatcher::start));
    registrations.add(bus.subscribe(Events.WAKE, nothing -> dispatcher.fill()));
    registrations.add(bus.subscribe(Events.HANDED_OVER, nothing -> now(RECOVER_TASKS, recoverer.recover())));
    registrations.add(bus.subscribe(Events.TASK, event -> onTaskEvent(event, health)));
    registrations.add(bus.subscribe(Events.INSTANCE, health::onEvent));
    departures = membership.departures().subscribe(left -> now(RECOVER_TASKS, recoverer.onDeparture(left)));
  }

  private void onTaskEvent(TaskEvent event, InstanceHealthChecker health) {
    if (event.happened() == Happened.CANCEL_ASKED) {
      dispatcher.run(event.id()).ifPresent(TaskRun::cancel);
    } else if (event.happened() == Happened.PROGRESSED) {
      dispatcher.run(event.id()).ifPresent(TaskRun::onProgress);
      now("report that an instance lives", health.onProgress(event.instance()));
    }
  }

  private void hint(String instance) {
    dispatcher.runs().stream()
      .filter(run -> run.claim().instance().equals(instance))
      .forEach(TaskRun::poll);
  }

  private Future<Void> poll() {
    dispatcher.runs().forEach(TaskRun::tick);
    return dispatcher.fill();
  }

  private void every(Duration interval, String what, Supplier<Future<Void>> work) {
    timers.add(vertx.setPeriodic(interval.toMillis(), tick -> now(what, work.get())));
  }

  private static void now(String what, Future<Void> work) {
    work.onFailure(failure ->
      log.warn("Could not {}, next try at the next tick: cause={}", what, failure.getMessage()));
  }
}
