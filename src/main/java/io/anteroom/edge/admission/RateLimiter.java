package io.anteroom.edge.admission;

import io.anteroom.config.Settings;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often anybody may ask, so that one program that has run wild leaves the node to the others.
 *
 * <p>A page of ComfyUI with many custom nodes loads 400 scripts at once, a class of thirty that begins together 12 000
 * from one address, and whoever drops a folder of pictures on it uploads each by itself: all of that is far below.
 */
public final class RateLimiter {
  /** So many seconds' worth at once. */
  private static final int CHANGES_AT_ONCE = 30;
  private static final int RUNS_AT_ONCE = 100;

  private final Buckets ofAddresses;
  private final Buckets ofUsers;
  private final Buckets changes;
  private final Buckets runs;

  /** With the usual rates. */
  public RateLimiter(LongSupplier nanos) {
    this(Settings.Bounds.USUAL.userRunsPerSecond(), Settings.Bounds.USUAL.userChangesPerSecond(), nanos);
  }

  public RateLimiter(int runsPerSecond, int changesPerSecond, LongSupplier nanos) {
    ofAddresses = new Buckets(60_000, 1_000, nanos);
    ofUsers = new Buckets(6_000, 100, nanos);
    changes = new Buckets(CHANGES_AT_ONCE * (double) changesPerSecond, changesPerSecond, nanos);
    runs = new Buckets(RUNS_AT_ONCE * (double) runsPerSecond, runsPerSecond, nanos);
  }

  /** Why nobody who is counted under this address may ask for anything now. */
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

  /** Why a user may not submit another run now. */
  public Optional<ApiException> ofRuns(String user) {
    return runs.take(user) ? Optional.empty() : Optional.of(EdgeErrors.tooOften(user, runs.perSecond()));
  }

  /**
   * Counts how often each may do one thing: so many times at once, and then so many in a second.
   *
   * <p>Only the latest {@link #MOST} are remembered: who has not come for long has a full bucket again, and no number
   * of strangers fills the memory. Safe to use from every event loop.
   */
  public static final class Buckets {
    static final int MOST = 10_000;
    private static final double NANOS = 1e9;

    private final double atOnce;
    private final double perSecond;
    private final LongSupplier nanos;
    /** Least recently used first. Guarded by this. */
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** @param nanos a clock that only runs forward */
    Buckets(double atOnce, double perSecond, LongSupplier nanos) {
      this.atOnce = atOnce;
      this.perSecond = perSecond;
      this.nanos = nanos;
    }

    /** What one may still do, as of a moment. */
    private record Bucket(double left, long at) {
    }

    /** Takes one, or tells that there is none. */
    synchronized boolean take(String who) {
      long now = nanos.getAsLong();
      Bucket before = buckets.getOrDefault(who, new Bucket(atOnce, now));
      double left = Math.min(atOnce, before.left() + (now - before.at()) / NANOS * perSecond);
      buckets.put(who, new Bucket(left < 1 ? left : left - 1, now));
      if (buckets.size() > MOST) {
        buckets.remove(buckets.keySet().iterator().next());
      }
      return left >= 1;
    }

    synchronized int remembered() {
      return buckets.size();
    }

    public double perSecond() {
      return perSecond;
    }
  }
}
