package io.anteroom.dispatch;

import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.InstanceEvent;
import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.cluster.Membership;
import io.anteroom.directory.UserName;
import io.anteroom.dispatch.RunDecision.Hopeless;
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
 * Starts tasks for as long as there is a permit and a task that may start, and gives every freed place to the next task
 * in the same call that frees it.
 */
final class Dispatcher implements Listener {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  /** How soon an end that the store could not take is offered to it again. */
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(1);

  /** How long it usually takes from an instance's word that a run has ended until its place is free. */
  private static final Duration END_IS_WRITTEN = Duration.ofMillis(20);

  private static final Duration A_MOMENT = Duration.ofMillis(1);

  private final RunContext bench;
  private final Permits permits;
  private final StatusSocketPool hints;
  private final String owner;
  /** What runs under this node's eyes. Changed on the verticle's event loop only; read by the figures. */
  private final Map<TaskId, TaskRun> runs = new ConcurrentHashMap<>();
  /** The pass that starts tasks now, and the one that follows it for those who asked meanwhile; null when none does. */
  private Future<Void> pass = Future.succeededFuture();
  private Future<Void> nextPass;
  /** Calls that are not answered yet and whose answer may be a claim. */
  private int expected;
  private final List<Promise<Void>> whenNoneExpected = new ArrayList<>();
  private boolean draining;

  Dispatcher(RunContext bench, Membership membership, StatusSocketPool hints) {
    this.bench = bench;
    this.permits = new Permits(membership.semaphore());
    this.hints = hints;
    this.owner = membership.incarnation().owner();
    bench.tally().gauge("dispatch_running", runs::size);
  }

  Collection<TaskRun> runs() {
    return runs.values();
  }

  Optional<TaskRun> run(TaskId id) {
    return Optional.ofNullable(runs.get(id));
  }

  /** Starts all that may start now; calls made meanwhile share one more pass. Done when a pass that began later is. */
  Future<Void> fill() {
    if (nextPass != null) {
      return nextPass;
    }
    if (pass.isComplete()) {
      pass = fillOnce().recover(this::fillFailed);
      return pass;
    }
    nextPass = pass.compose(done -> {
      pass = nextPass;
      nextPass = null;
      return fillOnce().recover(this::fillFailed);
    });
    return nextPass;
  }

  /**
   * Starts what may start now, and answers what the instance of this task says to it. Waits a moment for a place:
   * whoever hears from an instance that a run has ended may be quicker than the end that frees its place.
   */
  Future<Started> start(TaskId id) {
    return fill()
      .compose(filled -> runs.containsKey(id) ? Future.succeededFuture() : bench.pause(END_IS_WRITTEN))
      .compose(waited -> run(id).map(TaskRun::started)
        .orElseGet(() -> Future.succeededFuture(new Started.Unknown())));
  }

  /** Starts nothing more, and hands over what runs. */
  Future<Void> drain() {
    draining = true;
    return new Drainer(bench, this).go();
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether an answer is awaited that may be a claim, so that the store may know more of this node's tasks. */
  boolean isExpectingClaims() {
    return expected > 0;
  }

  /** Done when none is awaited, be it for a moment. */
  Future<Void> whenNoClaimIsExpected() {
    if (expected == 0) {
      return Future.succeededFuture();
    }
    return Future.future(over -> whenNoneExpected.add(over));
  }

  /** Makes the cluster's table of permits agree with what runs here, and with the limit in force. */
  Future<Void> mend() {
    return bench.queue().stats().compose(figures -> permits.mend(figures.limit()));
  }

  /** Watches a task that is this node's now. */
  void takeOver(Claim claim) {
    bench.tally().count("dispatch_adopted");
    bench.attach(claim);
    begin(claim, permits.ofTaskThatRuns());
  }

  @Override
  public Future<Boolean> ended(TaskRun run, Outcome outcome) {
    Claim claim = run.claim();
    return write(() -> expecting(bench.queue().finish(claim, outcome, !draining))).map(ending -> {
      forget(run);
      tellEnd(claim, outcome, ending);
      ending.next().ifPresentOrElse(follower -> begin(follower, run.permit()), () -> release(run.permit()));
      return ending.rejected();
    });
  }

  /** Only the end that stands is told: another node may watch the task now and see another. */
  private void tellEnd(Claim claim, Outcome outcome, Ending ending) {
    if (ending.rejected()) {
      log.info("The instance refuses a task, its submitter is told: task={} user={} instance={} type={}", claim.id(),
        UserName.logged(claim.user()), claim.instance(), outcome.error().map(TaskError::type).orElse(""));
      bench.tell(claim, Happened.REJECTED, outcome.state());
      return;
    }
    if (!ending.stands()) {
      log.info("The end of a task was somebody else's to tell: task={} fence={}", claim.id(), claim.fence());
      return;
    }
    log.info("Task ended: task={} user={} instance={} state={} attempt={}", claim.id(),
      UserName.logged(claim.user()), claim.instance(), outcome.state().word(), claim.attempt());
    bench.tally().count("dispatch_" + outcome.state().word());
    bench.tell(claim, Happened.FINISHED, outcome.state());
  }

  @Override
  public Future<Void> faulted(TaskRun run, InstanceFault fault) {
    Claim claim = run.claim();
    log.warn("The instance did not run a task: task={} instance={} fault={} cause={}", claim.id(), claim.instance(),
      fault.kind(), InstanceOutage.sentence(fault.reason()));
    return write(() -> bench.queue().fault(claim, fault, bench.settings().maxAttempts())).map(after -> {
      if (after == AfterFault.FAILED) {
        failedByItself(run);
        return null;
      }
      bench.tally().count("dispatch_requeued");
      bench.tally().add("dispatch_circuits_opened", after == AfterFault.PAUSED ? 1 : 0);
      requeued(run);
      if (after == AfterFault.PAUSED || fault.kind() == InstanceFault.Kind.UNREACHABLE) {
        bench.bus().publish(Events.INSTANCE, new InstanceEvent(claim.instance(), "OUT",
          InstanceOutage.sentence(fault.reason())));
      }
      return null;
    });
  }

  /** Its instance refuses it again and again, and runs others. */
  private void failedByItself(TaskRun run) {
    Claim claim = run.claim();
    log.info("Task ended: task={} user={} instance={} state={} attempt={}", claim.id(),
      UserName.logged(claim.user()), claim.instance(), TaskState.FAILED.word(), claim.attempt());
    bench.tally().count("dispatch_failed");
    forget(run);
    bench.tell(claim, Happened.FINISHED, TaskState.FAILED);
    release(run.permit());
  }

  @Override
  public void waitsAgain(TaskRun run) {
    Claim claim = run.claim();
    log.warn("The instance lost one task after another and gets none for a while; the task waits at the head of its "
      + "user's list: task={} instance={} attempt={}", claim.id(), claim.instance(), claim.attempt());
    bench.tally().count("dispatch_circuits_opened");
    requeued(run);
    bench.bus().publish(Events.INSTANCE, new InstanceEvent(claim.instance(), "OUT",
      InstanceOutage.of(InstanceOutage.Kind.LOSING, claim.instance()).englishPattern()));
  }

  private void requeued(TaskRun run) {
    forget(run);
    bench.tell(run.claim(), Happened.REQUEUED, TaskState.QUEUED);
    release(run.permit());
  }

  @Override
  public void stuck(TaskRun run, Hopeless hopeless) {
    Claim claim = run.claim();
    String reason = InstanceOutage.of(hopeless.why(), claim.instance()).stored();
    write(() -> bench.queue().renew(List.of(claim)))
      .compose(renewal -> renewal.lost().isEmpty() ? fenceOff(claim, reason) : Future.succeededFuture())
      .compose(done -> ended(run, hopeless.outcome()))
      .onFailure(failure -> log.error("Could not end a stuck task: task={}", claim.id(), failure));
  }

  private Future<Void> fenceOff(Claim claim, String reason) {
    String instance = claim.instance();
    log.error("The instance would not let go of a task and gets no other until it is seen idle: task={} user={} "
      + "instance={}", claim.id(), UserName.logged(claim.user()), instance);
    return write(() -> bench.queue().setInstanceState(instance, InstanceState.FENCED, reason)).map(news -> {
      bench.bus().publish(Events.INSTANCE, new InstanceEvent(instance, InstanceState.FENCED.name(),
        InstanceOutage.sentence(reason)));
      return null;
    });
  }

  @Override
  public void abandoned(TaskRun run) {
    log.info("Somebody else watches the task now: task={} fence={}", run.claim().id(), run.claim().fence());
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
    return expecting(bench.queue().claim(owner)).compose(
      claim -> claim.map(task -> beginAndGoOn(task, permit)).orElseGet(() -> permits.giveBack(permit)),
      failure -> permits.giveBack(permit).compose(done -> Future.failedFuture(failure)));
  }

  private Future<Void> beginAndGoOn(Claim claim, Permit permit) {
    begin(claim, permit);
    return fillOnce();
  }

  private Future<Void> fillFailed(Throwable failure) {
    log.warn("Could not look for tasks to start, next try at the next tick: cause={}", failure.getMessage());
    return Future.succeededFuture();
  }

  private void begin(Claim claim, Permit permit) {
    run(claim.id()).ifPresent(this::replace);
    TaskRun run = new TaskRun(bench, this, claim, permit);
    runs.put(claim.id(), run);
    hints.use(claim.instance());
    run.begin().onFailure(failure -> log.error("A run broke off, its lease decides: task={}", claim.id(), failure));
  }

  /** One that has ended, but whose end the store has not answered yet, has nobody else to tell of it. */
  private void replace(TaskRun former) {
    former.walkAway();
    forget(former);
  }

  private void forget(TaskRun run) {
    if (runs.remove(run.claim().id(), run)) {
      hints.leave(run.claim().instance());
    }
  }

  /** Somebody may have been refused while the permit was still held, so there is one more look after it is free. */
  private void release(Permit permit) {
    permits.giveBack(permit)
      .eventually(this::fill)
      .onFailure(failure -> log.warn("A permit could not be given back, mending will: cause={}", failure.getMessage()));
  }

  private <T> Future<T> expecting(Future<T> answer) {
    expected++;
    return answer.onComplete(any -> {
      expected--;
      if (!whenNoneExpected.isEmpty()) {
        // only then is watched what this very answer has brought
        bench.pause(A_MOMENT).onComplete(later -> tellThatNoneIsExpected());
      }
    });
  }

  private void tellThatNoneIsExpected() {
    if (expected == 0) {
      List<Promise<Void>> told = List.copyOf(whenNoneExpected);
      whenNoneExpected.clear();
      told.forEach(Promise::complete);
    }
  }

  /** Offers a change to the store until it takes it: what an instance has said must not get lost. */
  private <T> Future<T> write(Supplier<Future<T>> change) {
    return change.get().recover(failure -> {
      log.warn("The store does not take a change, trying again: cause={}", failure.getMessage());
      return bench.pause(WRITE_AGAIN).compose(waited -> write(change));
    });
  }

  /** The permits that this node holds, those of tasks just being claimed included. Used on one event loop only. */
  static final class Permits {
    private final ClusterSemaphore semaphore;
    private final Set<Permit> held = new HashSet<>();

    Permits(ClusterSemaphore semaphore) {
      this.semaphore = semaphore;
    }

    /** One more, if the house is not full. */
    Future<Optional<Permit>> tryAcquire() {
      return semaphore.tryAcquire().onSuccess(permit -> permit.ifPresent(held::add));
    }

    /** One more for a task that has its place already; the next mending counts it. */
    Permit ofTaskThatRuns() {
      Permit permit = new Permit(UUID.randomUUID().toString(), true);
      held.add(permit);
      return permit;
    }

    Future<Void> giveBack(Permit permit) {
      held.remove(permit);
      return semaphore.release(permit);
    }

    /** Makes the cluster's table of permits agree with what is held here, and with the limit in force. */
    Future<Void> mend(int limit) {
      return semaphore.reconcile(held, limit);
    }
  }
}
