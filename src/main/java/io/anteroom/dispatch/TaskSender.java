package io.anteroom.dispatch;

import io.anteroom.comfy.PostResult;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.anteroom.queue.UnreadableRequestException;
import io.anteroom.task.TaskError;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one attempt of a task to its instance: the student's session attaches first, and straight before the request
 * the store is asked whether the claim still holds. Nothing is sent that is not wanted any more, or that comes late.
 */
final class TaskSender {
  private static final Logger log = LoggerFactory.getLogger(TaskSender.class);

  private final RunContext context;
  private final RunDeadlines deadlines;
  private final BooleanSupplier wanted;
  private boolean sending;

  /** @param wanted asked again whenever time went by */
  TaskSender(RunContext context, RunDeadlines deadlines, BooleanSupplier wanted) {
    this.context = context;
    this.deadlines = deadlines;
    this.wanted = wanted;
  }

  /** Whether a request may be on its way at this moment. */
  boolean isSending() {
    return sending;
  }

  /** The instance's reply; empty when nothing was sent. Fails when the store is away; then nothing was sent. */
  Future<Optional<PostResult>> send(Claim claim) {
    sending = true;
    return context.attach(claim)
      .compose(attached -> wanted.getAsBoolean() ? open(claim) : nothing())
      .onComplete(done -> sending = false);
  }

  private Future<Optional<PostResult>> open(Claim claim) {
    return context.open(claim).compose(request -> beginSubmit(claim, request), failure ->
      failure instanceof UnreadableRequestException ? Future.succeededFuture(Optional.of(unreadable(claim, failure)))
        : Future.failedFuture(failure));
  }

  private static PostResult unreadable(Claim claim, Throwable cause) {
    log.error("Ending a task, its request cannot be read here: task={} user={} cause={} remedy={}", claim.id(),
      claim.user(), cause.getMessage(), "give all nodes the same redis.encryption_secret, or password of Redis");
    return new PostResult.Failed(new TaskError("request_unreadable",
      "The stored workflow cannot be read: it was encrypted by a node with another secret, or changed. Run it again, "
        + "and tell the administrator (redis.encryption_secret). / 无法读取已保存的工作流：它由使用其他密钥的节点加密，或已被改动。"
        + "请重新运行，并告知管理员（redis.encryption_secret）。"));
  }

  private Future<Optional<PostResult>> beginSubmit(Claim claim, RunRequest request) {
    long before = context.ticker().nanos();
    return context.beginSubmit(claim)
      .compose(valid -> valid && wanted.getAsBoolean() && deadlines.isFresh(before) ? post(claim, request)
        : nothing());
  }

  private Future<Optional<PostResult>> post(Claim claim, RunRequest request) {
    deadlines.inFlight(context.settings().postTimeout());
    return context.post(claim, request)
      .onSuccess(result -> logUnknown(claim, result))
      .map(Optional::of);
  }

  private void logUnknown(Claim claim, PostResult result) {
    if (result instanceof PostResult.Unknown unknown) {
      log.warn("It is unknown whether the instance has the task, polling first: task={} instance={} "
        + "sign={} cause={}", claim.id(), claim.instance(), unknown.sign(), unknown.cause());
      if (unknown.answered()) {
        deadlines.inFlight(Duration.ZERO);
      }
    }
  }

  private static Future<Optional<PostResult>> nothing() {
    return Future.succeededFuture(Optional.empty());
  }
}
