package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.vertx.core.Context;
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
 * Public keys at an address, where their owner changes them as he likes: looked up again when a token names one that is
 * not known, and when they are old; no more often than every 30 s, whoever invents names of keys. What is of no use, or
 * does not come, changes nothing.
 *
 * <p>One for all event loops of a node; safe to use from each.
 */
public final class JwksUrl implements KeySource, Shareable {
  static final Duration PAUSE = Duration.ofSeconds(30);
  static final Duration OLD = Duration.ofMinutes(10);
  private static final Logger log = LoggerFactory.getLogger(JwksUrl.class);

  private final Vertx vertx;
  private final URI address;
  private final ProviderClient messenger;
  private final Clock clock;
  private volatile VerificationKeys inForce;
  private volatile Instant got = Instant.MIN;
  /** Guarded by this, as is the look that is under way. */
  private Instant asked = Instant.MIN;
  private Future<Void> underWay = Future.succeededFuture();

  JwksUrl(Vertx vertx, URI address, ProviderClient messenger, Clock clock) {
    this.vertx = vertx;
    this.address = address;
    this.messenger = messenger;
    this.clock = clock;
  }

  /** The one of this node. */
  public static JwksUrl of(Vertx vertx, URI address) {
    LocalMap<String, JwksUrl> node = vertx.sharedData().getLocalMap("anteroom.edge.keys");
    return node.computeIfAbsent(address.toString(),
      first -> new JwksUrl(vertx, address, new ProviderClient(vertx), Clock.systemUTC()));
  }

  /** Fails only when an answer came that is of no use; nobody is let in until one comes that is. */
  @Override
  public Future<Void> open() {
    return look().recover(cause -> cause instanceof Unusable && inForce == null
      ? Future.failedFuture(cause) : Future.succeededFuture());
  }

  @Override
  public Optional<VerificationKeys> inForce() {
    return Optional.ofNullable(inForce);
  }

  @Override
  public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
    VerificationKeys ring = inForce;
    boolean enough = ring != null && ring.knows(header) && got.plus(OLD).isAfter(clock.instant());
    return enough ? Future.succeededFuture(Optional.of(ring)) : look().otherwiseEmpty().map(looked -> inForce());
  }

  /** Each asker is answered on his own context. */
  private Future<Void> look() {
    Context caller = vertx.getOrCreateContext();
    Future<Void> shared = join();
    return Future.future(told -> shared.onComplete((looked, failure) ->
      caller.runOnContext(now -> told.complete(looked, failure))));
  }

  private synchronized Future<Void> join() {
    Instant now = clock.instant();
    if (underWay.isComplete() && !asked.plus(PAUSE).isAfter(now)) {
      asked = now;
      underWay = messenger.page(address).map(KeyParser::ofJwks).map(this::take)
        .onFailure(cause -> log.warn("Keys not read, those in force stay so: address={} cause={} in_force={}", address,
          cause.getMessage(), inForce().map(VerificationKeys::size).orElse(0)));
    }
    return underWay;
  }

  /** The same keys stay the same ring, so that what was checked by them need not be checked again. */
  private Void take(VerificationKeys ring) {
    got = clock.instant();
    if (!ring.equals(inForce)) {
      inForce = ring;
      log.info("Keys read: address={} keys={}", address, ring.size());
    }
    return null;
  }
}
