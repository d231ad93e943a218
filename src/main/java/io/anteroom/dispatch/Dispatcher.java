package io.anteroom.dispatch;

import io.anteroom.async.SerialTask;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.InstanceEvent;
import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.cluster.Membership;
import io.anteroom.directory.UserName;
import io.anteroom.dispatch.RunDecision.StuckRun;
import io.anteroom.dispatch.TaskRun.Listener;
import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.TaskQueue.AfterFault;
import io.anteroom.queue.TaskQueue.Ending;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts tasks as long as there is a permit and a task that may start, and gives every freed place to the next task in
 * the same call that frees it.
 */
final class Dispatcher implements Listener {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  /** How soon a write that failed is tried again. */
  private static final Duration WRITE_BACKOFF = Duration.ofSeconds(1);

  /** How long it usually takes from an instance's report that a run has ended until its place is free. */
  private static final Duration END_IS_WRITTEN = Duration.ofMillis(20);

  private static final Duration SHORT_PAUSE = Duration.ofMillis(1);

  private final RunContext context;
  private final Permits permits;
  private final StatusSocketPool sockets;
  private final String owner;
  /** The runs that this node watches. Changed on the verticle's event loop only; read by the metrics. */
  private final Map<TaskId, TaskRun> runs = new ConcurrentHashMap<>();
  private final SerialTask fill;
  /** Calls to the store whose reply is awaited and may be a claim. */
  private int pendingClaims;
  private final List<Promise<Void>> pendingClaimWaiters = new ArrayList<>();
  private boolean draining;

  Dispatcher(RunContext context, Membership membership, StatusSocketPool sockets) {
    this.context = context;
    this.permits = new Permits(membership.semaphore());
    this.sockets = sockets;
    this.owner = membership.incarnation().owner();
    this.fill = new SerialTask(() -> fillOnce().recover(this::fillFailed));
    context.metrics().gauge("dispatch_running", runs::size);
  }

  Collection<TaskRun> runs() {
    return runs.values();
  }

  Optional<TaskRun> run(TaskId id) {
    return Optional.ofNullable(runs.get(id));
  }

  /** Starts all that may start now; calls made meanwhile share one more pass. Done when a pass that began later is. */
  Future<Void> fill() {
    return fill.run();
  }

  /**
   * Starts what may start now, and answers what the instance of this task replied. Waits a moment for a place: a client
   * that learns from an instance that a run has ended may be quicker than the write that frees its place.
   */
  Future<Started> start(TaskId id) {
    return fill()
      .compose(filled -> runs.containsKey(id) ? Future.succeededFuture() : context.pause(END_IS_WRITTEN))
      .compose(waited -> run(id).map(TaskRun::started)
        .orElseGet(() -> Future.succeededFuture(new Started.Unknown())));
  }

  /** Starts nothing more, and hands over what runs. */
  Future<Void> drain() {
    draining = true;
    return new Drainer(context, this).drain();
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether a reply is awaited that may be a claim, so that the store may know more of this node's tasks. */
  boolean isClaimPending() {
    return pendingClaims > 0;
  }

  /** Done when no such reply is awaited, be it for a moment. */
  Future<Void> whenNoClaimIsPending() {
    if (pendingClaims == 0) {
      return Future.succeededFuture();
    }
    return Future.future(waiter -> pendingClaimWaiters.add(waiter));
  }

  /** Reconciles the cluster's table of permits with what runs here, and with the limit in force. */
  Future<Void> reconcilePermits() {
    return context.queue().stats().compose(stats -> permits.reconcile(stats.limit()));
  }

  /** Watches a task that this node has adopted. */
  void takeOver(Claim claim) {
    context.metrics().count("dispatch_adopted");
    context.attach(claim);
    begin(claim, permits.ofRunningTask());
  }

  @Override
  public Future<Boolean> ended(TaskRun run, Outcome outcome) {
    Claim claim = run.claim();
    return write(() -> awaitingClaim(context.queue().finish(claim, outcome, !draining))).map(ending -> {
      forget(run);
      publishEnd(claim, outcome, ending);
      ending.next().ifPresentOrElse(follower -> begin(follower, run.permit()), () -> release(run.permit()));
      return ending.rejected();
    });
  }

  /** Only the end that stands is published: another node may watch the task now and see another. */
  private void publishEnd(Claim claim, Outcome outcome, Ending ending) {
    if (ending.rejected()) {
      log.info("The instance refused a task, its submitter gets the error: task={} user={} instance={} type={}",
        claim.id(), UserName.logged(claim.user()), claim.instance(), outcome.error().map(TaskError::type).orElse(""));
      context.publish(claim, Happened.REJECTED, outcome.state());
      return;
    }
    if (!ending.stands()) {
      log.info("Another node reports the end of a task: task={} fence={}", claim.id(), claim.fence());
      return;
    }
    log.info("Task ended: task={} user={} instance={} state={} attempt={}", claim.id(),
      UserName.logged(claim.user()), claim.instance(), outcome.state().word(), claim.attempt());
    context.metrics().count("dispatch_" + outcome.state().word());
    context.publish(claim, Happened.FINISHED, outcome.state());
  }

  @Override
  public Future<Void> faulted(TaskRun run, InstanceFault fault) {
    Claim claim = run.claim();
    log.warn("The instance did not run a task: task={} instance={} fault={} cause={}", claim.id(), claim.instance(),
      fault.kind(), InstanceOutage.sentence(fault.reason()));
    return write(() -> context.queue().fault(claim, fault, context.settings().maxAttempts())).map(after -> {
      if (after == AfterFault.FAILED) {
        failedByItself(run);
        return null;
      }
      context.metrics().count("dispatch_requeued");
      context.metrics().add("dispatch_circuits_opened", after == AfterFault.PAUSED ? 1 : 0);
      returnedToQueue(run);
      if (after == AfterFault.PAUSED || fault.kind() == InstanceFault.Kind.UNREACHABLE) {
        context.bus().publish(Events.INSTANCE, new InstanceEvent(claim.instance(), "OUT",
          InstanceOutage.sentence(fault.reason())));
      }
      return null;
    });
  }

  /** Its instance refuses it repeatedly, and runs others. */
  private void failedByItself(TaskRun run) {
    Claim claim = run.claim();
    log.info("Task ended: task={} user={} instance={} state={} attempt={}", claim.id(),
      UserName.logged(claim.user()), claim.instance(), TaskState.FAILED.word(), claim.attempt());
    context.metrics().count("dispatch_failed");
    forget(run);
    context.publish(claim, Happened.FINISHED, TaskState.FAILED);
    release(run.permit());
  }

  @Override
  public void requeued(TaskRun run) {
    Claim claim = run.claim();
    log.warn("The instance lost several tasks in a row and gets none for a while; the task is requeued at the head "
      + "of its user's list: task={} instance={} attempt={}", claim.id(), claim.instance(), claim.attempt());
    context.metrics().count("dispatch_circuits_opened");
    returnedToQueue(run);
    context.bus().publish(Events.INSTANCE, new InstanceEvent(claim.instance(), "OUT",
      InstanceOutage.of(InstanceOutage.Kind.LOSING, claim.instance()).englishPattern()));
  }

  private void returnedToQueue(TaskRun run) {
    forget(run);
    context.publish(run.claim(), Happened.REQUEUED, TaskState.QUEUED);
    release(run.permit());
  }

  @Override
  public void stuck(TaskRun run, StuckRun stuck) {
    Claim claim = run.claim();
    String reason = InstanceOutage.of(stuck.why(), claim.instance()).stored();
    write(() -> context.queue().renew(List.of(claim)))
      .compose(renewal -> renewal.lost().isEmpty() ? fenceOff(claim, reason) : Future.succeededFuture())
      .compose(done -> ended(run, stuck.outcome()))
      .onFailure(failure -> log.error("Could not end a stuck task: task={}", claim.id(), failure));
  }

  private Future<Void> fenceOff(Claim claim, String reason) {
    String instance = claim.instance();
    log.error("The instance did not end a task in time and gets no other until it is seen idle: task={} user={} "
      + "instance={}", claim.id(), UserName.logged(claim.user()), instance);
    return write(() -> context.queue().setInstanceState(instance, InstanceState.FENCED, reason)).map(news -> {
      context.bus().publish(Events.INSTANCE, new InstanceEvent(instance, InstanceState.FENCED.name(),
        InstanceOutage.sentence(reason)));
      return null;
    });
  }

  @Override
  public void abandoned(TaskRun run) {
    log.info("Another node watches the task now: task={} fence={}", run.claim().id(), run.claim().fence());
    forget(run);
    release(run.permit());
  }

  private Future<Void> fillOnce() {
    if (draining) {
      return Future.succeededFuture();
    }
    return permits.tryAcquire().compose(permit -> permit.map(this::claim).orElse(Future.succeededFuture()));
  }

  private Future<Void> claim(Permit permit) {
    return awaitingClaim(context.queue().claim(owner)).compose(
      claim -> claim.map(task -> beginAndContinue(task, permit)).orElseGet(() -> permits.release(permit)),
      failure -> permits.release(permit).compose(done -> Future.failedFuture(failure)));
  }

  private Future<Void> beginAndContinue(Claim claim, Permit permit) {
    begin(claim, permit);
    return fillOnce();
  }

  private Future<Void> fillFailed(Throwable failure) {
    log.warn("Could not claim tasks to start, next try at the next tick: cause={}", failure.getMessage());
    return Future.succeededFuture();
  }

  private void begin(Claim claim, Permit permit) {
    run(claim.id()).ifPresent(this::replace);
    TaskRun run = new TaskRun(context, this, claim, permit);
    runs.put(claim.id(), run);
    sockets.acquire(claim.instance());
    run.begin().onFailure(failure ->
      log.error("Could not begin a run, the next tick polls its instance: task={}", claim.id(), failure));
  }

  /** A run that has ended, but whose end the store has not confirmed yet, calls its listener no more. */
  private void replace(TaskRun former) {
    former.abandon();
    forget(former);
  }

  private void forget(TaskRun run) {
    if (runs.remove(run.claim().id(), run)) {
      sockets.release(run.claim().instance());
    }
  }

  /** A claim may have been refused while the permit was still held, so there is one more pass after it is free. */
  private void release(Permit permit) {
    permits.release(permit)
      .eventually(this::fill)
      .onFailure(failure ->
        log.warn("Could not release a permit, the next reconciliation will: cause={}", failure.getMessage()));
  }

  private <T> Future<T> awaitingClaim(Future<T> reply) {
    pendingClaims++;
    return reply.onComplete(any -> {
      pendingClaims--;
      if (!pendingClaimWaiters.isEmpty()) {
        // The claim in this reply is watched only after this handler.
        context.pause(SHORT_PAUSE).onComplete(later -> completeWaiters());
      }
    });
  }

  private void completeWaiters() {
    if (pendingClaims == 0) {
      List<Promise<Void>> waiters = List.copyOf(pendingClaimWaiters);
      pendingClaimWaiters.clear();
      waiters.forEach(Promise::complete);
    }
  }

  /** Retries a write until the store takes it: what an instance has reported must not get lost. */
  private <T> Future<T> write(Supplier<Future<T>> call) {
    return call.get().recover(failure -> {
      log.warn("The store did not take a write, trying again: cause={}", failure.getMessage());
      return context.pause(WRITE_BACKOFF).compose(waited -> write(call));
    });
  }

  /** The permits that this node holds, including those of claims under way. Used on one event loop only. */
  static final class Permits {
    private final ClusterSemaphore semaphore;
    private final Set<Permit> held = new HashSet<>();

    Permits(ClusterSemaphore semaphore) {
      this.semaphore = semaphore;
    }

    /** One more, if the limit is not reached. */
    Future<Optional<Permit>> tryAcquire() {
      return semaphore.tryAcquire().onSuccess(permit -> permit.ifPresent(held::add));
    }

    /** One more for a task that has its place already; the next reconciliation counts it. */
    Permit ofRunningTask() {
      Permit permit = new Permit(UUID.randomUUID().toString(), true);
      held.add(permit);
      return permit;
    }

    Future<Void> release(Permit permit) {
      held.remove(permit);
      return semaphore.release(permit);
    }

    /** Reconciles the cluster's table of permits with what is held here, and with the limit in force. */
    Future<Void> reconcile(int limit) {
      return semaphore.reconcile(held, limit);
    }
  }
}
