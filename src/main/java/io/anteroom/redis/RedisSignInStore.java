package io.anteroom.redis;

import io.anteroom.identity.Identity;
import io.anteroom.identity.RandomToken;
import io.anteroom.identity.Sha256;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The sign-ins in Redis, one script per verb. Of tokens and names it stores only the SHA-256. */
public final class RedisSignInStore implements SignInStore {
  /** Longer than any token of another issuer is accepted. */
  private static final Duration REVOKED_FOR = Duration.ofDays(31);

  private final RedisTransport link;
  private final ScriptRunner scripts;

  /** Create it outside of any verticle, whose end would close the connection. */
  public RedisSignInStore(Vertx vertx, RedisEndpoint endpoint) {
    this(vertx, endpoint, RedisTransport.TIMEOUT);
  }

  /** With this timeout of a reply, after which Redis counts as away. */
  public RedisSignInStore(Vertx vertx, RedisEndpoint endpoint, Duration timeout) {
    this.link = new RedisTransport(vertx, endpoint, timeout);
    this.scripts = new ScriptRunner(vertx, link);
  }

  /** Closes the connection. */
  public Future<Void> close() {
    return link.close();
  }

  @Override
  public Future<String> open(String scope, Identity identity, Duration lifetime) {
    String token = RandomToken.next();
    return open(hashed(scope, token), identity, lifetime, "").map(token);
  }

  @Override
  public Future<Optional<String>> openBelow(String parent, String scope, Identity identity, Duration lifetime) {
    String token = RandomToken.next();
    return open(hashed(scope, token), identity, lifetime, parent)
      .map(opened -> opened.toInteger() == 1 ? Optional.of(token) : Optional.empty());
  }

  @Override
  public String nameOf(String scope, String token) {
    return hashed(scope, token);
  }

  @Override
  public Future<Optional<SignedIn>> find(String scope, String token) {
    return run(LuaScript.SIGNED_IN, hashed(scope, token)).map(answer -> answer.size() == 0 ? Optional.empty()
      : Optional.of(new SignedIn(Identity.of(new JsonObject(answer.get(0).toString())),
        Instant.ofEpochMilli(answer.get(1).toLong()))));
  }

  @Override
  public Future<Void> close(String scope, String token) {
    return find(scope, token).compose(known -> known
      .map(one -> run(LuaScript.SIGN_OUT, hashed(scope, token), one.identity().user()).<Void>mapEmpty())
      .orElseGet(Future::succeededFuture));
  }

  @Override
  public Future<Void> revoke(String user) {
    return run(LuaScript.REVOKE, user, millis(REVOKED_FOR)).mapEmpty();
  }

  @Override
  public Future<Instant> revoked(String user) {
    return run(LuaScript.REVOKED, user).map(answer -> Instant.ofEpochMilli(answer.toLong()));
  }

  @Override
  public Future<String> putOnce(String scope, String text, Duration lifetime) {
    String token = RandomToken.next();
    return run(LuaScript.PUT_ONCE, hashed(scope, token), text, millis(lifetime)).map(token);
  }

  @Override
  public Future<Optional<String>> takeOnce(String scope, String token) {
    return run(LuaScript.TAKE_ONCE, hashed(scope, token)).map(RedisSignInStore::first);
  }

  @Override
  public Future<Boolean> first(String scope, String name, Duration lifetime) {
    return run(LuaScript.PUT_ONCE, hashed(scope, name), "", millis(lifetime)).map(answer -> answer.toInteger() == 1);
  }

  @Override
  public Future<Boolean> countAttempt(String scope, String name, int max, Duration window) {
    return run(LuaScript.COUNT_ATTEMPT, hashed(scope, name), millis(window)).map(count -> count.toInteger() <= max);
  }

  @Override
  public Future<Void> resetAttempts(String scope, String name) {
    return run(LuaScript.RESET_ATTEMPTS, hashed(scope, name)).mapEmpty();
  }

  @Override
  public Future<Optional<String>> password(String user) {
    return run(LuaScript.PASSWORD, user).map(RedisSignInStore::first);
  }

  @Override
  public Future<Void> setPassword(String user, String hash) {
    return run(LuaScript.SET_PASSWORD, user, hash).mapEmpty();
  }

  @Override
  public Future<Optional<Integer>> assignPort(String user, int ports) {
    return run(LuaScript.ASSIGN_PORT, user, Integer.toString(ports))
      .map(answer -> answer.size() == 0 ? Optional.empty() : Optional.of(answer.get(0).toInteger()));
  }

  private Future<Response> open(String name, Identity identity, Duration lifetime, String parent) {
    return run(LuaScript.SIGN_IN, name, identity.user(), identity.toJson().encode(), millis(lifetime), parent);
  }

  private Future<Response> run(LuaScript script, String... args) {
    return scripts.run(script, List.of(args));
  }

  private static Optional<String> first(Response list) {
    return list.size() == 0 ? Optional.empty() : Optional.of(list.get(0).toString());
  }

  private static String millis(Duration time) {
    return Long.toString(time.toMillis());
  }

  private static String hashed(String scope, String secret) {
    return scope + ":" + HexFormat.of().formatHex(Sha256.of(secret));
  }
}
