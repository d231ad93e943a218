package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.anteroom.async.RequestCoalescer;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Public keys at a JWKS URL, which rotate: fetched again when a token names an unknown key, and when they are old; at
 * most every 30 s, so that invented key ids cause no flood of requests. An invalid or missing response changes nothing.
 *
 * <p>One for all event loops of a node; safe to use from each.
 */
public final class JwksUrl implements KeySource, Shareable {
  static final Duration PAUSE = Duration.ofSeconds(30);
  static final Duration OLD = Duration.ofMinutes(10);
  private static final Logger log = LoggerFactory.getLogger(JwksUrl.class);

  private final URI address;
  private final ProviderClient provider;
  private final RequestCoalescer<Void> requests;
  private final Clock clock;
  private volatile VerificationKeys inForce;
  private volatile Instant got = Instant.MIN;
  /** Guarded by this. */
  private Instant asked = Instant.MIN;
  private Future<Void> outcome = Future.succeededFuture();

  JwksUrl(Vertx vertx, URI address, ProviderClient provider, Clock clock) {
    this.address = address;
    this.provider = provider;
    this.requests = new RequestCoalescer<>(vertx);
    this.clock = clock;
  }

  /** The one of this node. */
  public static JwksUrl of(Vertx vertx, URI address) {
    LocalMap<String, JwksUrl> node = vertx.sharedData().getLocalMap("anteroom.edge.keys");
    return node.computeIfAbsent(address.toString(),
      first -> new JwksUrl(vertx, address, new ProviderClient(vertx), Clock.systemUTC()));
  }

  /** Fails only when the response is invalid; no token is accepted until a valid one comes. */
  @Override
  public Future<Void> open() {
    return refresh().recover(cause -> cause instanceof Unusable && inForce == null
      ? Future.failedFuture(cause) : Future.succeededFuture());
  }

  @Override
  public Optional<VerificationKeys> inForce() {
    return Optional.ofNullable(inForce);
  }

  @Override
  public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
    VerificationKeys keys = inForce;
    boolean enough = keys != null && keys.knows(header) && got.plus(OLD).isAfter(clock.instant());
    return enough ? Future.succeededFuture(Optional.of(keys)) : refresh().otherwiseEmpty().map(done -> inForce());
  }

  private Future<Void> refresh() {
    return requests.join("keys", this::fetch);
  }

  /** Fetches the keys; the outcome of the last fetch while that is recent. */
  private synchronized Future<Void> fetch() {
    Instant now = clock.instant();
    if (!asked.plus(PAUSE).isAfter(now)) {
      asked = now;
      outcome = provider.page(address).map(KeyParser::ofJwks).map(this::use)
        .onFailure(cause -> log.warn("Keys not fetched, the old ones stay in force: address={} cause={} in_force={}",
          address, cause.getMessage(), inForce().map(VerificationKeys::size).orElse(0)));
    }
    return outcome;
  }

  /** Equal keys stay the same object, so that tokens that were verified by them stay cached. */
  private Void use(VerificationKeys keys) {
    got = clock.instant();
    if (!keys.equals(inForce)) {
      inForce = keys;
      log.info("Keys fetched: address={} keys={}", address, keys.size());
    }
    return null;
  }
}
