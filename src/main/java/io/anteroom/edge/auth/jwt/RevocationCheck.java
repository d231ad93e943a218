package io.anteroom.edge.auth.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Knows from when on a user's tokens count, at most {@link #LATE} after a revocation. Belongs to one event loop. */
final class RevocationCheck {
  /** How long a revoked user may still be let in. */
  static final Duration LATE = Duration.ofSeconds(5);
  private static final int MAX_USERS = 4096;

  private final SignInStore signIns;
  private final Cache<String, Future<Instant>> sinceByUser;

  RevocationCheck(SignInStore signIns, Clock clock) {
    this.signIns = signIns;
    this.sinceByUser = Caches.builder().maximumSize(MAX_USERS).expireAfterWrite(LATE)
      .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis())).build();
  }

  /** Whether a token that was issued then still counts; one without {@code iat} counts until the first revocation. */
  Future<Boolean> spare(String user, Optional<Instant> issued) {
    return since(user).map(since ->
      issued.map(then -> !then.isBefore(since)).orElse(since.equals(Instant.EPOCH)));
  }

  private Future<Instant> since(String user) {
    Future<Instant> since = sinceByUser.get(user, signIns::revoked);
    since.onFailure(unknown -> sinceByUser.asMap().remove(user, since));
    return since;
  }
}
