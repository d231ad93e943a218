package io.anteroom.support.redis;

import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Sign-ins as one process can remember them, for tests that are about something else. */
public final class MemorySignInStore implements SignInStore {
  private final Clock clock;
  private final Map<String, SignedIn> open = new ConcurrentHashMap<>();
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, Instant> revoked = new ConcurrentHashMap<>();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();

  private record Kept(String text, Instant until) {
  }

  public MemorySignInStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Future<String> open(String scope, Identity identity, Duration lifetime) {
    String token = UUID.randomUUID().toString();
    open.put(scope + ' ' + token, new SignedIn(identity, clock.instant().plus(lifetime)));
    return Future.succeededFuture(token);
  }

  @Override
  public Future<Optional<SignedIn>> find(String scope, String token) {
    return Future.succeededFuture(Optional.ofNullable(open.get(scope + ' ' + token))
      .filter(one -> one.until().isAfter(clock.instant())));
  }

  @Override
  public Future<Void> close(String scope, String token) {
    open.remove(scope + ' ' + token);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> revoke(String user) {
    open.values().removeIf(one -> one.identity().user().equals(user));
    revoked.put(user, clock.instant());
    return Future.succeededFuture();
  }

  @Override
  public Future<Instant> revoked(String user) {
    return Future.succeededFuture(revoked.getOrDefault(user, Instant.EPOCH));
  }

  @Override
  public Future<String> putOnce(String scope, String text, Duration lifetime) {
    String token = UUID.randomUUID().toString();
    kept.put(scope + ' ' + token, new Kept(text, clock.instant().plus(lifetime)));
    return Future.succeededFuture(token);
  }

  @Override
  public Future<Optional<String>> takeOnce(String scope, String token) {
    return Future.succeededFuture(Optional.ofNullable(kept.remove(scope + ' ' + token))
      .filter(one -> one.until.isAfter(clock.instant())).map(Kept::text));
  }

  @Override
  public Future<Boolean> first(String scope, String name, Duration remembered) {
    Kept now = new Kept("", clock.instant().plus(remembered));
    return Future.succeededFuture(kept.merge(scope + " first " + name, now,
      (before, again) -> before.until.isAfter(clock.instant()) ? before : again) == now);
  }

  @Override
  public Future<Boolean> countAttempt(String scope, String name, int most, Duration window) {
    return Future.succeededFuture(true);
  }

  @Override
  public Future<Void> resetAttempts(String scope, String name) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Optional<String>> password(String user) {
    return Future.succeededFuture(Optional.ofNullable(passwords.get(user)));
  }

  @Override
  public Future<Void> setPassword(String user, String hash) {
    passwords.put(user, hash);
    return Future.succeededFuture();
  }

  @Override
  public Future<Optional<String>> openBelow(String parent, String scope, Identity identity, Duration lifetime) {
    return open.containsKey(parent) ? open(scope, identity, lifetime).map(Optional::of)
      : Future.succeededFuture(Optional.empty());
  }

  @Override
  public String nameOf(String scope, String token) {
    return scope + ' ' + token;
  }

  @Override
  public Future<Optional<Integer>> assignPort(String user, int doors) {
    return Future.succeededFuture(Optional.of(Math.floorMod(user.hashCode(), doors)));
  }
}
