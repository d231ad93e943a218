package io.anteroom.edge.admission;

import io.anteroom.bus.SubmissionServices;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads request bodies into memory within limits: one body, all bodies of one user, and all bodies of the node (buffer
 * budget); within a timeout, and above a minimum rate (slow POST). Only received bytes count.
 */
public final class BodyReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  /** Rate checks within the timeout; a phone that changes its cell may be silent for some seconds. */
  private static final int RATE_CHECKS = 6;

  private final Vertx vertx;
  private final BodyBudget budget;
  private final long limit;
  private final Duration timeout;

  public BodyReader(Vertx vertx, BodyBudget budget, long limit) {
    this(vertx, budget, limit, TIMEOUT);
  }

  /** @param timeout how long one body may take to arrive */
  public BodyReader(Vertx vertx, BodyBudget budget, long limit, Duration timeout) {
    this.timeout = timeout;
    this.vertx = vertx;
    this.budget = budget;
    this.limit = Math.min(limit, budget.limit());
  }

  /** Reads the body and passes it to {@code use}; its bytes count against the budget until that is done. */
  public <T> Future<T> with(HttpServerRequest request, String user, Function<ReceivedBody, Future<T>> use) {
    Reading reading = new Reading(request, user);
    return Future.<ReceivedBody>future(reading::begin)
      .compose(use)
      .onComplete(done -> reading.release());
  }

  /** One body that is being read; used on its request's event loop only. */
  private final class Reading {
    private final HttpServerRequest request;
    private final String user;
    private final ReceivedBody body = new ReceivedBody();
    private long checked;

    Reading(HttpServerRequest request, String user) {
      this.request = request;
      this.user = user;
    }

    void begin(Promise<ReceivedBody> whole) {
      String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
      if (length != null && Long.parseLong(length) > limit) {
        whole.tryFail(EdgeErrors.tooLarge(limit));
        return;
      }
      Duration interval = timeout.dividedBy(RATE_CHECKS);
      long timer = vertx.setTimer(timeout.toMillis(), late -> whole.tryFail(tooSlow()));
      long rateTimer = vertx.setPeriodic(interval.toMillis(), now -> checkRate(interval, whole));
      whole.future().onComplete(done -> {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(rateTimer);
      });
      request.exceptionHandler(broken -> whole.tryFail(EdgeErrors.bodyBroken()));
      request.endHandler(end -> whole.tryComplete(body));
      request.handler(chunk -> append(chunk, whole));
      if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
        request.response().writeContinue().onFailure(whole::tryFail);
      }
      request.resume();
    }

    void release() {
      budget.release(user, body.length());
    }

    private void checkRate(Duration interval, Promise<ReceivedBody> whole) {
      if (MinimumRate.isTooSlow(body.length() - checked, interval)) {
        whole.tryFail(tooSlow());
      }
      checked = body.length();
    }

    private ApiException tooSlow() {
      return EdgeErrors.bodyTooSlow(timeout, MinimumRate.MIN_BYTES_PER_SECOND);
    }

    private void append(Buffer chunk, Promise<ReceivedBody> whole) {
      if (whole.future().isComplete()) {
        return;
      }
      if (body.length() + chunk.length() > limit) {
        whole.tryFail(EdgeErrors.tooLarge(limit));
        return;
      }
      switch (budget.take(user, chunk.length(), limit)) {
        case GRANTED -> body.append(chunk);
        case OVER_SHARE -> whole.tryFail(EdgeErrors.ownBodiesBusy(user, limit));
        case FULL -> whole.tryFail(EdgeErrors.bodiesBusy(budget.limit()));
      }
    }
  }

  /** Bounds the bytes of bodies that this node holds, in all and for one user; safe to use from every event loop. */
  public static final class BodyBudget {
    private final long limit;
    private final Map<String, Long> byUser = new HashMap<>();
    private long taken;

    public BodyBudget(long limit) {
      this.limit = limit;
    }

    /** The result of taking bytes. */
    enum Grant {
      GRANTED,
      /** The user's share is used up. */
      OVER_SHARE,
      /** The budget is used up. */
      FULL
    }

    /** Takes all of these bytes, or none. */
    synchronized Grant take(String user, long bytes, long share) {
      long own = byUser.getOrDefault(user, 0L) + bytes;
      if (own > share) {
        return Grant.OVER_SHARE;
      }
      if (taken + bytes > limit) {
        return Grant.FULL;
      }
      taken += bytes;
      byUser.put(user, own);
      return Grant.GRANTED;
    }

    synchronized void release(String user, long bytes) {
      taken -= bytes;
      byUser.computeIfPresent(user, (name, own) -> own > bytes ? own - bytes : null);
    }

    long limit() {
      return limit;
    }

    synchronized long taken() {
      return taken;
    }
  }

  /** A received body, kept in blocks: one growing buffer would be copied, and need its memory twice. */
  public static final class ReceivedBody {
    private final List<Buffer> blocks = new ArrayList<>();
    private long length;

    void append(Buffer chunk) {
      for (int from = 0; from < chunk.length();) {
        int used = (int) (length % SubmissionServices.BLOCK);
        if (used == 0) {
          blocks.add(Buffer.buffer());
        }
        int to = Math.min(chunk.length(), from + SubmissionServices.BLOCK - used);
        blocks.get(blocks.size() - 1).appendBuffer(chunk, from, to - from);
        length += to - from;
        from = to;
      }
    }

    /** In bytes. */
    public long length() {
      return length;
    }

    /** Whether it fits into one block. */
    public boolean isSmall() {
      return length <= SubmissionServices.BLOCK;
    }

    public Buffer block(int index) {
      return blocks.get(index);
    }

    /** All of it in one buffer; only for bodies that cannot be large. */
    public Buffer whole() {
      if (blocks.size() == 1) {
        return blocks.get(0);
      }
      Buffer whole = Buffer.buffer((int) length);
      blocks.forEach(whole::appendBuffer);
      return whole;
    }
  }
}
