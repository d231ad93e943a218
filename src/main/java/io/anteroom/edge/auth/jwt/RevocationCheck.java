package io.anteroom.edge.auth.jwt;

import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Knows whose tokens were made worthless, some seconds late; touched by one event loop only. */
final class RevocationCheck {
  /** How long somebody revoked may still come in. */
  static final Duration LATE = Duration.ofSeconds(5);
  private static final int MOST = 4096;

  private final SignInStore signIns;
  private final Clock clock;
  private final Map<String, Asked> asked = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Asked> eldest) {
      return size() > MOST;
    }
  };

  private record Asked(Instant when, Future<Instant> since) {
  }

  RevocationCheck(SignInStore signIns, Clock clock) {
    this.signIns = signIns;
    this.clock = clock;
  }

  /** Whether a token of this user that was issued then counts; one that does not say when counts until a revocation. */
  Future<Boolean> spare(String user, Optional<Instant> issued) {
    return since(user).map(since ->
      issued.map(then -> !then.isBefore(since)).orElse(since.equals(Instant.EPOCH)));
  }

  private Future<Instant> since(String user) {
    Instant now = clock.instant();
    Asked known = asked.get(user);
    if (known != null && known.when.plus(LATE).isAfter(now) && !known.since.failed()) {
      return known.since;
    }
    Future<Instant> since = signIns.revoked(user);
    asked.put(user, new Asked(now, since));
    return since;
  }
}
