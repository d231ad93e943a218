package io.anteroom.dispatch;

import io.anteroom.comfy.Posting;
import io.anteroom.queue.Claim;
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
final class Sending {
  private static final Logger log = LoggerFactory.getLogger(Sending.class);

  private final Workbench bench;
  private final Deadlines deadlines;
  private final BooleanSupplier wanted;
  private boolean underWay;

  /** @param wanted asked again whenever time went by */
  Sending(Workbench bench, Deadlines deadlines, BooleanSupplier wanted) {
    this.bench = bench;
    this.deadlines = deadlines;
    this.wanted = wanted;
  }

  /** Whether a request may be on its way at this moment. */
  boolean isUnderWay() {
    return underWay;
  }

  /** What the instance answered; empty when nothing was sent. Fails when the store is away; then nothing was sent. */
  Future<Optional<Posting>> send(Claim claim) {
    underWay = true;
    return bench.attach(claim)
      .compose(attached -> wanted.getAsBoolean() ? intend(claim) : nothing())
      .onComplete(done -> underWay = false);
  }

  private Future<Optional<Posting>> intend(Claim claim) {
    long before = System.nanoTime();
    return bench.intend(claim)
      .compose(valid -> valid && wanted.getAsBoolean() && deadlines.isFresh(before) ? post(claim) : nothing());
  }

  private Future<Optional<Posting>> post(Claim claim) {
    deadlines.onItsWay(bench.settings().postTimeout());
    return bench.post(claim)
      .onSuccess(answer -> note(claim, answer))
      .map(Optional::of);
  }

  private void note(Claim claim, Posting answer) {
    if (answer instanceof Posting.Unknown unknown) {
      log.warn("It is unknown whether the instance has the task, looking before anything else: task={} instance={} "
        + "sign={} cause={}", claim.id(), claim.instance(), unknown.sign(), unknown.cause());
      if (unknown.answered()) {
        deadlines.onItsWay(Duration.ZERO);
      }
    }
  }

  private static Future<Optional<Posting>> nothing() {
    return Future.succeededFuture(Optional.empty());
  }
}
