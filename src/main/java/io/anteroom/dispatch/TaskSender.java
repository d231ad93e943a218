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
 * Brings one attempt of a task to its instance: the student's session listens first, and straight before the request
 * the store is asked whether the claim still holds. Nothing is sent that is not wanted any more, or that comes late.
 */
final class TaskSender {
  private static final Logger log = LoggerFactory.getLogger(TaskSender.class);

  private final RunContext bench;
  private final RunDeadlines deadlines;
  private final BooleanSupplier wanted;
  private boolean underWay;

  /** @param wanted asked again whenever time went by */
  TaskSender(RunContext bench, RunDeadlines deadlines, BooleanSupplier wanted) {
    this.bench = bench;
    this.deadlines = deadlines;
    this.wanted = wanted;
  }

  /** Whether a request may be on its way at this moment. */
  boolean isUnderWay() {
    return underWay;
  }

  /** What the instance answered; empty when nothing was sent. Fails when the store is away; then nothing was sent. */
  Future<Optional<PostResult>> send(Claim claim) {
    underWay = true;
    return bench.attach(claim)
      .compose(attached -> wanted.getAsBoolean() ? open(claim) : nothing())
      .onComplete(done -> underWay = false);
  }

  private Future<Optional<PostResult>> open(Claim claim) {
    return bench.open(claim).compose(request -> intend(claim, request), failure ->
      failure instanceof UnreadableRequestException ? Future.succeededFuture(Optional.of(unreadable(claim, failure)))
        : Future.failedFuture(failure));
  }

  private static PostResult unreadable(Claim claim, Throwable cause) {
    log.error("A task ends, for its request cannot be read here: task={} user={} cause={} remedy={}", claim.id(),
      claim.user(), cause.getMessage(), "give all nodes the same redis.encryption_secret, or password of Redis");
    return new PostResult.Failed(new TaskError("request_unreadable",
      "The stored workflow cannot be read: it was encrypted by a node with another secret, or changed. Run it again, "
        + "and tell the administrator (redis.encryption_secret). / 无法读取已保存的工作流：它由使用其他密钥的节点加密，或已被改动。"
        + "请重新运行，并告知管理员（redis.encryption_secret）。"));
  }

  private Future<Optional<PostResult>> intend(Claim claim, RunRequest request) {
    long before = bench.ticker().nanos();
    return bench.intend(claim)
      .compose(valid -> valid && wanted.getAsBoolean() && deadlines.isFresh(before) ? post(claim, request) : nothing());
  }

  private Future<Optional<PostResult>> post(Claim claim, RunRequest request) {
    deadlines.onItsWay(bench.settings().postTimeout());
    return bench.post(claim, request)
      .onSuccess(answer -> note(claim, answer))
      .map(Optional::of);
  }

  private void note(Claim claim, PostResult answer) {
    if (answer instanceof PostResult.Unknown unknown) {
      log.warn("It is unknown whether the instance has the task, looking before anything else: task={} instance={} "
        + "sign={} cause={}", claim.id(), claim.instance(), unknown.sign(), unknown.cause());
      if (unknown.answered()) {
        deadlines.onItsWay(Duration.ZERO);
      }
    }
  }

  private static Future<Optional<PostResult>> nothing() {
    return Future.succeededFuture(Optional.empty());
  }
}
