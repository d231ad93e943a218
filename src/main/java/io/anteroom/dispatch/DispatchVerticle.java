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

/** Runs tasks: looks for one to start whenever something happened, and every so often in case that went unheard. */
public final class DispatchVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(DispatchVerticle.class);
  private static final String ADOPT_TASKS = "adopt tasks";
  private static final Duration TAKE_CENSUS = Duration.ofSeconds(1);
  private static final int FIRST_TRIES = 10;
  private static final Duration BEFORE_THE_NEXT_TRY = Duration.ofMillis(500);
  private static final Duration ADOPT = Duration.ofSeconds(1);
  private static final Duration MEND = Duration.ofSeconds(5);

  private final Settings settings;
  private final ConfigPublisher inventory;
  private final TaskQueue queue;
  private final Membership membership;
  private final MetricsRegistry tally;
  private final List<Long> timers = new ArrayList<>();
  private final List<Registration> registrations = new ArrayList<>();
  private Dispatcher dispatcher;
  private Recoverer adopter;
  private StatusSocketPool hints;
  private Subscription departures;

  /** One that is the only part of its node that wants to know what is in force. */
  public DispatchVerticle(Settings settings, Supplier<Directory> directory, TaskQueue queue,
      Membership membership, MetricsRegistry tally) {
    this(settings, new ConfigPublisher(settings, directory, queue, tally), queue, membership, tally);
  }

  /** One that keeps this inventory up to date, which the rest of the node uses too. */
  public DispatchVerticle(Settings settings, ConfigPublisher inventory, TaskQueue queue, Membership membership,
      MetricsRegistry tally) {
    this.settings = settings;
    this.inventory = inventory;
    this.queue = queue;
    this.membership = membership;
    this.tally = tally;
  }

  @Override
  public Future<?> start() {
    RunContext bench = new RunContext(vertx, settings, inventory, queue, tally, Ticker.system());
    StatusSocket sockets = new StatusSocket(vertx, settings.instances());
    hints = new StatusSocketPool(vertx, sockets, inventory::directory, settings.node(), this::hint);
    dispatcher = new Dispatcher(bench, membership, hints);
    adopter = new Recoverer(bench, dispatcher, membership.incarnation());
    StoreReconciler census = new StoreReconciler(bench, inventory, settings.node());
    InstanceHealthChecker rounds = new InstanceHealthChecker(bench);
    LeaseRenewer leases = new LeaseRenewer(queue, dispatcher, () -> inventory.task().renewInterval(), bench.ticker());
    listen(bench.bus(), rounds);
    every(settings.task().pollInterval(), "look for tasks to start", this::poll);
    every(LeaseRenewer.LOOK, "renew leases", leases::renewWhenDue);
    every(TAKE_CENSUS, "hold the store against the instances", census::take);
    every(ADOPT, ADOPT_TASKS, adopter::look);
    every(MEND, "mend permits", dispatcher::mend);
    every(ConfigPublisher.INTERVAL, "tell the store about the instances", inventory::tell);
    every(settings.instances().probeInterval(), "go round the instances", rounds::go);
    return introduce(bench, () -> inventory.tell().compose(told -> census.take()), FIRST_TRIES).onSuccess(ready -> {
      now(ADOPT_TASKS, adopter.look());
      rounds.go();
    });
  }

  /** Asks again and again, for a machine on which everything starts at once keeps the first answers waiting. */
  private Future<Void> introduce(RunContext bench, Supplier<Future<Void>> itself, int tries) {
    return itself.get().compose(known -> dispatcher.mend()).recover(failure -> tries == 1
      ? Future.failedFuture(failure)
      : bench.pause(BEFORE_THE_NEXT_TRY).compose(waited -> introduce(bench, itself, tries - 1)));
  }

  @Override
  public Future<?> stop() {
    timers.forEach(vertx::cancelTimer);
    registrations.forEach(Registration::unregister);
    departures.cancel();
    return dispatcher.drain().eventually(hints::close);
  }

  private void listen(Bus bus, InstanceHealthChecker rounds) {
    registrations.add(bus.serve(DispatchServices.START, dispatcher::start));
    registrations.add(bus.subscribe(Events.WAKE, nothing -> dispatcher.fill()));
    registrations.add(bus.subscribe(Events.HANDED_OVER, nothing -> now(ADOPT_TASKS, adopter.look())));
    registrations.add(bus.subscribe(Events.TASK, event -> heard(event, rounds)));
    registrations.add(bus.subscribe(Events.INSTANCE, rounds::heard));
    departures = membership.departures().subscribe(left -> now(ADOPT_TASKS, adopter.departed(left)));
  }

  private void heard(TaskEvent event, InstanceHealthChecker rounds) {
    if (event.happened() == Happened.CANCEL_ASKED) {
      dispatcher.run(event.id()).ifPresent(TaskRun::cancel);
    } else if (event.happened() == Happened.PROGRESSED) {
      dispatcher.run(event.id()).ifPresent(TaskRun::progresses);
      now("tell the store that an instance lives", rounds.progressed(event.instance()));
    }
  }

  private void hint(String instance) {
    dispatcher.runs().stream()
      .filter(run -> run.claim().instance().equals(instance))
      .forEach(TaskRun::look);
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
