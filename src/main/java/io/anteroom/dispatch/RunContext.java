package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.SessionServices;
import io.anteroom.bus.SessionServices.Attach;
import io.anteroom.comfy.ComfyClient;
import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.comfy.PostResult;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.comfy.RunState;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queue.TaskQueue.Retry;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run works with: the store, the instance named in its claim, the bus, and a timer. */
final class RunContext {
  private static final Logger log = LoggerFactory.getLogger(RunContext.class);

  /** So long at most a task waits until somebody listens. */
  private static final int ATTACH_MILLIS = 1_000;

  private static final int INTEND_TRIES = 4;
  private static final Duration INTEND_AGAIN = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Duration postTimeout;
  private final Duration patience;
  private final ConfigPublisher inventory;
  private final TaskQueue queue;
  private final ComfyClient comfy;
  private final Bus bus;
  private final MetricsRegistry tally;
  private final Ticker ticker;

  RunContext(Vertx vertx, Settings settings, ConfigPublisher inventory, TaskQueue queue, MetricsRegistry tally,
      Ticker ticker) {
    this.vertx = vertx;
    this.postTimeout = settings.task().postTimeout();
    this.patience = settings.instances().giveUp();
    this.inventory = inventory;
    this.queue = queue;
    this.tally = tally;
    this.ticker = ticker;
    this.bus = new Bus(vertx);
    this.comfy = new ComfyClient(vertx, settings.instances(), settings.task().postTimeout());
  }

  Settings.Task settings() {
    return inventory.task();
  }

  /** How long tasks wait for an instance that is out. */
  Duration patience() {
    return patience;
  }

  TaskQueue queue() {
    return queue;
  }

  ComfyClient comfy() {
    return comfy;
  }

  Directory directory() {
    return inventory.directory();
  }

  /** The instances of which it is to be seen how they are. */
  List<Instance> watched() {
    return inventory.watched();
  }

  Bus bus() {
    return bus;
  }

  MetricsRegistry tally() {
    return tally;
  }

  Ticker ticker() {
    return ticker;
  }

  /** Has the student's session listen to the instance before anything happens there. Never fails. */
  Future<Void> attach(Claim claim) {
    Attach attach = new Attach(claim.user(), claim.clientId(), claim.instance(), claim.id(), claim.unanswered());
    return bus.requestIfPresent(SessionServices.attach(claim.clientId()), attach)
      .compose(held -> held.isPresent() ? Future.succeededFuture()
        : bus.requestIfPresent(SessionServices.ATTACH, attach))
      .timeout(ATTACH_MILLIS, TimeUnit.MILLISECONDS)
      .<Void>mapEmpty()
      .otherwiseEmpty();
  }

  /** Asked a few times if need be: who walks away from a claim has others wait until nothing of it may turn up. */
  Future<Boolean> intend(Claim claim) {
    return intend(claim, INTEND_TRIES);
  }

  /** How long it may take at most until a request has arrived, or never will. */
  Duration longestSending() {
    return postTimeout.plusMillis(ATTACH_MILLIS);
  }

  Future<RunRequest> open(Claim claim) {
    return queue.open(claim);
  }

  Future<PostResult> post(Claim claim, RunRequest request) {
    return instance(claim).map(instance -> request.body().parts() == 1 ? postWhole(instance, claim, request)
        : comfy.post(instance, claim.id(), claim.attempt(), new RunContent(request, claim.attempt())))
      .orElseGet(() -> Future.succeededFuture(new PostResult.Unreachable("no instance of this name is configured",
        new NotComfyUi(NotComfyUi.What.SILENT, ""))));
  }

  private Future<PostResult> postWhole(Instance instance, Claim claim, RunRequest request) {
    String end = PromptRequest.end(request.secrets(), claim.attempt());
    return request.body().part(0).compose(body -> comfy.post(instance, claim.id(), claim.attempt(),
      Buffer.buffer(body.length() + end.length()).appendBuffer(body).appendString(end)));
  }

  /** Notes that the instance has it, and tells everybody. False when the claim does not hold any more. */
  Future<Boolean> accepted(Claim claim) {
    return queue.markAccepted(claim).onSuccess(valid -> {
      if (valid) {
        tally.count("dispatch_started");
        tell(claim, Happened.STARTED, TaskState.PROCESSING);
      }
    });
  }

  Future<Retry> reattempt(Claim claim) {
    tally.count("dispatch_reattempts");
    return queue.reattempt(claim, InstanceOutage.of(InstanceOutage.Kind.LOSING, claim.instance()).stored());
  }

  /**
   * Where the instance has the task.
   *
   * @param forGood whether nothing of this attempt may turn up later, when it is absent
   */
  Future<RunState> whereabouts(Claim claim, boolean forGood) {
    return atInstance(claim, instance -> (forGood ? fence(instance, claim) : Future.<Void>succeededFuture())
      .compose(fenced -> comfy.whereabouts(instance, claim.id()))
      .recover(silent -> whereItMoved(instance, claim, silent)));
  }

  /** An instance whose address was corrected is found at the new one; that it has nothing there says nothing. */
  private Future<RunState> whereItMoved(Instance before, Claim claim, Throwable silent) {
    return directory().instance(claim.instance()).filter(now -> !now.url().equals(before.url()))
      .map(now -> comfy.whereabouts(now, claim.id())
        .compose(seen -> seen instanceof RunState.Absent ? Future.<RunState>failedFuture(silent)
          : Future.succeededFuture(seen)))
      .orElseGet(() -> Future.failedFuture(silent));
  }

  /**
   * Keeps out what may still come of the task, takes it out of the queue of its instance and interrupts it; whether it
   * worked is seen by looking. Answers whether the instance answered; fails when it was not asked.
   */
  Future<Boolean> stop(Claim claim) {
    return whileOurs(claim, instance -> fence(instance, claim)
      .eventually(() -> comfy.delete(instance, claim.id()))
      .transform(before -> comfy.interrupt(instance, claim.id()))
      .onFailure(failure -> notStopped(claim, failure)))
      .onFailure(failure -> notStopped(claim, failure));
  }

  private static void notStopped(Claim claim, Throwable failure) {
    log.warn("A task could not be stopped at its instance, trying again: task={} instance={} cause={}",
      claim.id(), claim.instance(), failure.getMessage());
  }

  /**
   * Takes a task that was not begun out of the queue of its instance; whether it worked is seen by looking. Answers
   * whether the instance answered; fails when it was not asked.
   */
  Future<Boolean> takeBack(Claim claim) {
    return whileOurs(claim, instance -> comfy.delete(instance, claim.id()))
      .onFailure(failure -> log.debug("A task could not be asked back, asking again: task={} instance={} "
        + "cause={}", claim.id(), claim.instance(), failure.getMessage()));
  }

  /** Whether the claim holds still; if so, it has a whole lease again. */
  Future<Boolean> isOurs(Claim claim) {
    return queue.renew(List.of(claim)).map(renewal -> renewal.lost().isEmpty());
  }

  void tell(Claim claim, Happened happened, TaskState state) {
    bus.publish(Events.TASK, new TaskEvent(claim.id(), claim.user(), happened, state, claim.instance()));
  }

  Vertx vertx() {
    return vertx;
  }

  Future<Void> pause(Duration delay) {
    return vertx.timer(delay.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  private Future<Boolean> intend(Claim claim, int tries) {
    return queue.beginSubmit(claim).recover(unknown -> tries > 1
      ? pause(INTEND_AGAIN).compose(waited -> intend(claim, tries - 1))
      : Future.failedFuture(unknown));
  }

  private Future<Void> fence(Instance instance, Claim claim) {
    return comfy.fence(instance, claim.id(), claim.attempt() + 1);
  }

  /**
   * A node that was frozen may have lost the claim unheard, so it asks before it changes anything at the instance.
   * Answers whether the instance answered to the step.
   */
  private Future<Boolean> whileOurs(Claim claim, Function<Instance, Future<Void>> step) {
    return isOurs(claim).compose(ours -> ours ? atInstance(claim, step).map(true)
        .recover(failure -> Future.succeededFuture(failure instanceof ComfyException))
      : Future.failedFuture("another node watches it now"));
  }

  /** Where the task was given to it, whatever the lists say of that instance by now. */
  private Optional<Instance> instance(Claim claim) {
    return claim.address().isEmpty() ? directory().instance(claim.instance())
      : Optional.of(new Instance(claim.instance(), URI.create(claim.address()), claim.instance(), 1));
  }

  private <T> Future<T> atInstance(Claim claim, Function<Instance, Future<T>> question) {
    return instance(claim).map(question)
      .orElseGet(() -> Future.failedFuture("no instance is named " + claim.instance()));
  }
}
