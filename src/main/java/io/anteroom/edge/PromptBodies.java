package io.anteroom.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Function;

/** Collects workflows: each up to the limit, all together up to the budget, none for longer than it may take. */
final class PromptBodies {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final BodyBudget budget;
  private final long limit;
  private final Duration patience;

  PromptBodies(Vertx vertx, BodyBudget budget, long limit) {
    this(vertx, budget, limit, PATIENCE);
  }

  /** @param patience how long one body may be on its way */
  PromptBodies(Vertx vertx, BodyBudget budget, long limit, Duration patience) {
    this.patience = patience;
    this.vertx = vertx;
    this.budget = budget;
    this.limit = Math.min(limit, budget.limit());
  }

  /** Reads the body and hands it on; its bytes count against the budget until {@code use} is done with it. */
  <T> Future<T> with(HttpServerRequest request, Function<Buffer, Future<T>> use) {
    Reading reading = new Reading(request);
    return Future.<Buffer>future(reading::begin)
      .compose(use)
      .onComplete(done -> reading.release());
  }

  /** One body on its way; touched by its request's event loop only. */
  private final class Reading {
    private final HttpServerRequest request;
    private final Buffer body = Buffer.buffer();
    private long reserved;

    Reading(HttpServerRequest request) {
      this.request = request;
    }

    void begin(Promise<Buffer> whole) {
      String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
      if (!admit(length == null ? 0 : Long.parseLong(length), whole)) {
        return;
      }
      long timer = vertx.setTimer(patience.toMillis(), late -> whole.tryFail(Refusals.bodyTooSlow(patience)));
      whole.future().onComplete(done -> vertx.cancelTimer(timer));
      request.exceptionHandler(broken -> whole.tryFail(Refusals.bodyBroken()));
      request.endHandler(end -> whole.tryComplete(body));
      request.handler(chunk -> append(chunk, whole));
      if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
        request.response().writeContinue().onFailure(whole::tryFail);
      }
      request.resume();
    }

    void release() {
      budget.giveBack(reserved);
      reserved = 0;
    }

    private void append(Buffer chunk, Promise<Buffer> whole) {
      if (!whole.future().isComplete() && admit(body.length() + chunk.length(), whole)) {
        body.appendBuffer(chunk);
      }
    }

    private boolean admit(long size, Promise<Buffer> whole) {
      long more = Math.max(0, size - reserved);
      if (size > limit) {
        whole.tryFail(Refusals.tooLarge(limit));
      } else if (!budget.take(more)) {
        whole.tryFail(Refusals.bodiesBusy(budget.limit()));
      } else {
        reserved += more;
      }
      return reserved >= size;
    }
  }
}
