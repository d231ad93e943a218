package io.anteroom.edge.admission;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.config.Settings;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Rate limits by token bucket: requests per client address, requests per user, changes per user, runs per user. One
 * program out of control leaves the node to the others.
 *
 * <p>A page of ComfyUI with many custom nodes loads 400 scripts at once, a class of thirty that begins together 12 000
 * from one address, and a folder of pictures dropped on it is uploaded file by file: all of that is far below.
 */
public final class RateLimiter {
  /** The capacity of a bucket, in seconds of its rate. */
  private static final int CHANGES_BURST = 30;
  private static final int RUNS_BURST = 100;

  private final Buckets ofAddresses;
  private final Buckets ofUsers;
  private final Buckets changes;
  private final Buckets runs;

  /** With the default rates. */
  public RateLimiter(LongSupplier nanos) {
    this(Settings.Bounds.USUAL.userRunsPerSecond(), Settings.Bounds.USUAL.userChangesPerSecond(), nanos);
  }

  public RateLimiter(int runsPerSecond, int changesPerSecond, LongSupplier nanos) {
    ofAddresses = new Buckets(60_000, 1_000, nanos);
    ofUsers = new Buckets(6_000, 100, nanos);
    changes = new Buckets(CHANGES_BURST * (double) changesPerSecond, changesPerSecond, nanos);
    runs = new Buckets(RUNS_BURST * (double) runsPerSecond, runsPerSecond, nanos);
  }

  /** The refusal of a request from this address; empty when it may pass. */
  Optional<ApiException> ofAddress(String address) {
    return ofAddresses.take(address) ? Optional.empty()
      : Optional.of(EdgeErrors.tooOften(address, ofAddresses.perSecond()));
  }

  /** Lets a user's request pass, or refuses it. */
  public <T> Future<T> admit(HttpServerRequest request, String user, T what) {
    if (!ofUsers.take(user)) {
      return Future.failedFuture(EdgeErrors.tooOften(user, ofUsers.perSecond()));
    }
    return HttpMethods.isRead(request.method()) || changes.take(user) ? Future.succeededFuture(what)
      : Future.failedFuture(EdgeErrors.tooOften(user, changes.perSecond()));
  }

  /** The refusal of another run of this user; empty when it may be submitted. */
  public Optional<ApiException> ofRuns(String user) {
    return runs.take(user) ? Optional.empty() : Optional.of(EdgeErrors.tooOften(user, runs.perSecond()));
  }

  /**
   * Token buckets by key, each of one capacity and one refill rate.
   *
   * <p>A bucket is dropped once it is full again, which changes nothing; at most {@link #MAX_BUCKETS} are kept, so that
   * no number of addresses fills the memory. Safe to use from every event loop.
   */
  public static final class Buckets {
    static final int MAX_BUCKETS = 10_000;
    private static final double NANOS = 1e9;

    private final double capacity;
    private final double perSecond;
    private final LongSupplier nanos;
    private final Cache<String, Bucket> buckets;

    /** @param nanos a monotonic clock */
    Buckets(double capacity, double perSecond, LongSupplier nanos) {
      this.capacity = capacity;
      this.perSecond = perSecond;
      this.nanos = nanos;
      this.buckets = Caches.builder().maximumSize(MAX_BUCKETS).ticker(nanos::getAsLong)
        .expireAfterWrite(Duration.ofNanos((long) Math.ceil(capacity / perSecond * NANOS))).build();
    }

    /** The tokens left at a moment, and whether the last one that was asked for was there. */
    private record Bucket(double tokens, long at, boolean taken) {
    }

    /** Takes a token; false when there is none. */
    boolean take(String key) {
      return buckets.asMap().compute(key, (same, before) -> next(before, nanos.getAsLong())).taken();
    }

    private Bucket next(Bucket before, long now) {
      double tokens = before == null ? capacity
        : Math.min(capacity, before.tokens() + (now - before.at()) / NANOS * perSecond);
      return tokens < 1 ? new Bucket(tokens, now, false) : new Bucket(tokens - 1, now, true);
    }

    int size() {
      return buckets.asMap().size();
    }

    public double perSecond() {
      return perSecond;
    }
  }
}
