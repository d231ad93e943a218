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
 * Collects workflows: each up to the limit, those of one user together up to the same, all together up to the budget;
 * none for longer than it may take, and none that stands still. Only bytes that have come count.
 */
public final class BodyReader {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  /** How often it is looked whether a body moves; a phone that changes its cell may be silent for some seconds. */
  private static final int LOOKS = 6;

  private final Vertx vertx;
  private final BodyBudget budget;
  private final long limit;
  private final Duration patience;

  public BodyReader(Vertx vertx, BodyBudget budget, long limit) {
    this(vertx, budget, limit, PATIENCE);
  }

  /** @param patience how long one body may be on its way */
  public BodyReader(Vertx vertx, BodyBudget budget, long limit, Duration patience) {
    this.patience = patience;
    this.vertx = vertx;
    this.budget = budget;
    this.limit = Math.min(limit, budget.limit());
  }

  /** Reads the body and hands it on; its bytes count against the budget until {@code use} is done with it. */
  public <T> Future<T> with(HttpServerRequest request, String user, Function<ReceivedBody, Future<T>> use) {
    Reading reading = new Reading(request, user);
    return Future.<ReceivedBody>future(reading::begin)
      .compose(use)
      .onComplete(done -> reading.release());
  }

  /** One body on its way; touched by its request's event loop only. */
  private final class Reading {
    private final HttpServerRequest request;
    private final String user;
    private final ReceivedBody body = new ReceivedBody();
    private long seen;

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
      Duration look = patience.dividedBy(LOOKS);
      long timer = vertx.setTimer(patience.toMillis(), late -> whole.tryFail(tooSlow()));
      long pace = vertx.setPeriodic(look.toMillis(), now -> mindThePace(look, whole));
      whole.future().onComplete(done -> {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(pace);
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
      budget.giveBack(user, body.length());
    }

    private void mindThePace(Duration since, Promise<ReceivedBody> whole) {
      if (MinimumRate.isTooSlow(body.length() - seen, since)) {
        whole.tryFail(tooSlow());
      }
      seen = body.length();
    }

    private ApiException tooSlow() {
      return EdgeErrors.bodyTooSlow(patience, MinimumRate.MIN_BYTES_PER_SECOND);
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

  /** How many bytes of bodies this node holds at once, in all and of one user; safe to use from every event loop. */
  public static final class BodyBudget {
    private final long limit;
    private final Map<String, Long> ofUsers = new HashMap<>();
    private long taken;

    public BodyBudget(long limit) {
      this.limit = limit;
    }

    /** What came of a wish for more. */
    enum Grant {
      GRANTED,
      /** This user holds too much already. */
      OVER_SHARE,
      /** All together do. */
      FULL
    }

    /** Takes these bytes, or none of them when they do not fit. */
    synchronized Grant take(String user, long bytes, long share) {
      long own = ofUsers.getOrDefault(user, 0L) + bytes;
      if (own > share) {
        return Grant.OVER_SHARE;
      }
      if (taken + bytes > limit) {
        return Grant.FULL;
      }
      taken += bytes;
      ofUsers.put(user, own);
      return Grant.GRANTED;
    }

    synchronized void giveBack(String user, long bytes) {
      taken -= bytes;
      ofUsers.computeIfPresent(user, (name, own) -> own > bytes ? own - bytes : null);
    }

    long limit() {
      return limit;
    }

    synchronized long taken() {
      return taken;
    }
  }

  /** A body as it comes in, in blocks: one that grew as a whole would be copied, and need its memory twice. */
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

    /** Whether it is one block. */
    public boolean isSmall() {
      return length <= SubmissionServices.BLOCK;
    }

    public Buffer block(int index) {
      return blocks.get(index);
    }

    /** All of it; to be asked only of what may not be large. */
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
