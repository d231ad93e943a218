package io.anteroom.edge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.anteroom.identity.SignInStore.SignedIn;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Caches for some seconds whom the store finds by a token, since a page loads hundreds of files at once. A sign-out on
 * another node may take as long to be noticed. Used on one event loop.
 */
public final class SignInCache {
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(3);
  private static final int MAX_ENTRIES = 10_000;

  private final SignInStore signIns;
  private final Clock clock;
  private final Cache<Key, Future<Optional<SignedIn>>> known =
    Caches.builder().maximumSize(MAX_ENTRIES).expireAfterWrite(TIME_TO_LIVE).build();

  private record Key(String scope, String token) {
  }

  public SignInCache(SignInStore signIns, Clock clock) {
    this.signIns = signIns;
    this.clock = clock;
  }

  /** Who is signed in by this token; empty when it is not valid. */
  public Future<Optional<Identity>> find(String scope, String token) {
    Key key = new Key(scope, token);
    Future<Optional<SignedIn>> answer = known.get(key, unknown -> signIns.find(scope, token));
    answer.onFailure(failure -> known.asMap().remove(key, answer));
    return answer.map(found -> found.filter(one -> one.until().isAfter(clock.instant()))
      .map(SignedIn::identity));
  }

  /** Drops a token that is signed out. */
  public void forget(String scope, String token) {
    known.invalidate(new Key(scope, token));
  }
}
