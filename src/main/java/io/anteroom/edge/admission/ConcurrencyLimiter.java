package io.anteroom.edge.admission;

import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.task.ApiException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Limits how many of one kind each user has open on this node; safe to use from every event loop. */
public final class ConcurrencyLimiter {
  private final String what;
  private final int limit;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /** @param what the kind, as the error names it */
  public ConcurrencyLimiter(String what, int limit) {
    this.what = what;
    this.limit = limit;
  }

  /** Acquires one, for {@link #release} to return; else the error that says why not. */
  public Optional<ApiException> acquire(String user) {
    int now = open.merge(user, 1, Integer::sum);
    if (now <= limit) {
      return Optional.empty();
    }
    release(user);
    return Optional.of(EdgeErrors.tooManyOpen(what, user, limit));
  }

  public void release(String user) {
    open.computeIfPresent(user, (name, count) -> count > 1 ? count - 1 : null);
  }

  public int of(String user) {
    return open.getOrDefault(user, 0);
  }
}
