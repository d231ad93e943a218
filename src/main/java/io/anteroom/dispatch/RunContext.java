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

/** What a run works with: the store, the instance named in its claim, the bus, timers and the monotonic clock. */
final class RunContext {
  private static final Logger log = LoggerFactory.getLogger(RunContext.class);

  /** How long at most a task waits for the student's session. */
  private static final int MAX_ATTACH_MILLIS = 1_000;

  private static final int MAX_BEGIN_SUBMIT_TRIES = 4;
  private static final Duration BEGIN_SUBMIT_BACKOFF = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Duration postTimeout;
  private final Duration giveUp;
  private final ConfigPublisher publisher;
  private final TaskQueue queue;
  private final ComfyClient comfy;
  private final Bus bus;
  private final MetricsRegistry metrics;
  private final Ticker ticker;

  RunContext(Vertx vertx, Settings settings, ConfigPublisher publisher, TaskQueue queue, MetricsRegistry metrics,
      Ticker ticker) {
    this.vertx = vertx;
    this.postTimeout = settings.task().postTimeout();
    this.giveUp = settings.instances().giveUp();
    this.publisher = publisher;
    this.queue = queue;
    this.metrics = metrics;
    this.ticker = ticker;
    this.bus = new Bus(vertx);
    this.comfy = new ComfyClient(vertx, settings.instances(), settings.task().postTimeout());
  }

  Settings.Task settings() {
    return publisher.task();
  }

  /** How long tasks wait for an instance that is out. */
  Duration giveUp() {
    return giveUp;
  }

  TaskQueue queue() {
    return queue;
  }

  ComfyClient comfy() {
    return comfy;
  }

  Directory directory() {
    return publisher.directory();
  }

  /** The instances whose health is checked. */
  List<Instance> watched() {
    return publisher.watched();
  }

  Bus bus() {
    return bus;
  }

  MetricsRegistry metrics() {
    return metrics;
  }

  Ticker ticker() {
    return ticker;
  }

  /** Attaches the student's session to the instance before anything happens there. Never fails. */
  Future<Void> attach(Claim claim) {
    Attach attach = new Attach(claim.user(), claim.clientId(), claim.instance(), claim.id(), claim.unanswered());
    return bus.requestIfPresent(SessionServices.attach(claim.clientId()), attach)
      .compose(held -> held.isPresent() ? Future.succeededFuture()
        : bus.requestIfPresent(SessionServices.ATTACH, attach))
      .timeout(MAX_ATTACH_MILLIS, TimeUnit.MILLISECONDS)
      .<Void>mapEmpty()
      .otherwiseEmpty();
  }

  /** Retried a few times: after a claim is abandoned, others must wait until nothing of it can turn up any more. */
  Future<Boolean> beginSubmit(Claim claim) {
    return beginSubmit(claim, MAX_BEGIN_SUBMIT_TRIES);
  }

  /** How long it takes at most until a request has arrived, or never will. */
  Duration maxSendTime() {
    return postTimeout.plusMillis(MAX_ATTACH_MILLIS);
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

  /** Records that the instance has it, and publishes that. False when the claim does not hold any more. */
  Future<Boolean> markAccepted(Claim claim) {
    return queue.markAccepted(claim).onSuccess(valid -> {
      if (valid) {
        metrics.count("dispatch_started");
        publish(claim, Happened.STARTED, TaskState.PROCESSING);
      }
    });
  }

  Future<Retry> reattempt(Claim claim) {
    metrics.count("dispatch_reattempts");
    return queue.reattempt(claim, InstanceOutage.of(InstanceOutage.Kind.LOSING, claim.instance()).stored());
  }

  /**
   * The state of the task at its instance.
   *
   * @param fenced whether nothing of this attempt may turn up later, when it is absent
   */
  Future<RunState> runState(Claim claim, boolean fenced) {
    return atInstance(claim, instance -> (fenced ? fence(instance, claim) : Future.<Void>succeededFuture())
      .compose(done -> comfy.whereabouts(instance, claim.id()))
      .recover(silent -> runStateAtNewAddress(instance, claim, silent)));
  }

  /** An instance whose address was corrected is found at the new one; that it has nothing there proves nothing. */
  private Future<RunState> runStateAtNewAddress(Instance before, Claim claim, Throwable silent) {
    return directory().instance(claim.instance()).filter(now -> !now.url().equals(before.url()))
      .map(now -> comfy.whereabouts(now, claim.id())
        .compose(state -> state instanceof RunState.Absent ? Future.<RunState>failedFuture(silent)
          : Future.succeededFuture(state)))
      .orElseGet(() -> Future.failedFuture(silent));
  }

  /**
   * Fences off requests of the task that are still in flight, removes it from the queue of its instance and interrupts
   * it; a poll shows whether that worked. Answers whether the instance answered; fails when it was not asked.
   */
  Future<Boolean> stop(Claim claim) {
    return whileHeld(claim, instance -> fence(instance, claim)
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
   * Removes a task that was not begun from the queue of its instance; a poll shows whether that worked. Answers whether
   * the instance answered; fails when it was not asked.
   */
  Future<Boolean> remove(Claim claim) {
    return whileHeld(claim, instance -> comfy.delete(instance, claim.id()))
      .onFailure(failure -> log.debug("A task could not be removed from the queue of its instance, "
        + "trying again: task={} instance={} cause={}", claim.id(), claim.instance(), failure.getMessage()));
  }

  /** Whether the claim still holds; if so, it has a whole lease again. */
  Future<Boolean> holds(Claim claim) {
    return queue.renew(List.of(claim)).map(renewal -> renewal.lost().isEmpty());
  }

  void publish(Claim claim, Happened happened, TaskState state) {
    bus.publish(Events.TASK, new TaskEvent(claim.id(), claim.user(), happened, state, claim.instance()));
  }

  Vertx vertx() {
    return vertx;
  }

  Future<Void> pause(Duration delay) {
    return vertx.timer(delay.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  private Future<Boolean> beginSubmit(Claim claim, int tries) {
    return queue.beginSubmit(claim).recover(unknown -> tries > 1
      ? pause(BEGIN_SUBMIT_BACKOFF).compose(waited -> beginSubmit(claim, tries - 1))
      : Future.failedFuture(unknown));
  }

  private Future<Void> fence(Instance instance, Claim claim) {
    return comfy.fence(instance, claim.id(), claim.attempt() + 1);
  }

  /**
   * A node that was frozen may have lost the claim without knowing, so it asks before it changes anything at the
   * instance. Answers whether the instance answered to the step; fails with {@link ClaimLost} when the claim is lost.
   */
  private Future<Boolean> whileHeld(Claim claim, Function<Instance, Future<Void>> step) {
    return holds(claim).compose(holds -> holds ? atInstance(claim, step).map(true)
        .recover(failure -> Future.succeededFuture(failure instanceof ComfyException))
      : Future.failedFuture(new ClaimLost()));
  }

  /** The instance at the address to which the task was sent, even if the lists have another one by now. */
  private Optional<Instance> instance(Claim claim) {
    return claim.address().isEmpty() ? directory().instance(claim.instance())
      : Optional.of(new Instance(claim.instance(), URI.create(claim.address()), claim.instance(), 1));
  }

  private <T> Future<T> atInstance(Claim claim, Function<Instance, Future<T>> call) {
    return instance(claim).map(call)
      .orElseGet(() -> Future.failedFuture("no instance is named " + claim.instance()));
  }

  /** Another node has the claim now. */
  static final class ClaimLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClaimLost() {
      super("another node watches it now", null, false, false);
    }
  }
}
