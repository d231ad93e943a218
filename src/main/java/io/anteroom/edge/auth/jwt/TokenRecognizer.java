package io.anteroom.edge.auth.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.anteroom.config.Auth;
import io.anteroom.edge.auth.AuthRefusals;
import io.anteroom.edge.auth.Authorization;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.Recognizer;
import io.anteroom.edge.auth.RefusedNames;
import io.anteroom.edge.auth.SentCookies;
import io.anteroom.edge.auth.jwt.KeySource.FixedKeys;
import io.anteroom.edge.auth.jwt.Messenger.Unusable;
import io.anteroom.edge.auth.jwt.TokenCheck.SignedToken;
import io.anteroom.edge.auth.jwt.VerifiedTokens.Verified;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignIns;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/**
 * Knows somebody by a token of the teaching system: in {@code Authorization: Bearer}, else in its cookie. Never by one
 * in the address, which anybody could put into a link. For one event loop.
 */
public final class TokenRecognizer implements Recognizer {
  private final Auth.Jwt settings;
  private final KeySource keys;
  private final TokenCheck check;
  private final ClaimMapping mapping;
  private final Revocations revocations;
  private final VerifiedTokens verified = new VerifiedTokens();
  private final Clock clock;

  TokenRecognizer(Auth auth, KeySource keys, SignIns signIns, RefusedNames refused, Clock clock) {
    this.settings = auth.jwt();
    this.keys = keys;
    this.check = new TokenCheck(settings.issuer(), settings.audience(), clock);
    this.mapping = new ClaimMapping(auth.claims(), refused);
    this.revocations = new Revocations(signIns, clock);
    this.clock = clock;
  }

  /** One that has keys to check by; fails with words for the administrator when it can never have any. */
  public static Future<Recognizer> open(Vertx vertx, Auth auth, SignIns signIns) {
    return Future.succeededFuture(auth.jwt()).map(jwt -> source(vertx, jwt))
      .compose(keys -> keys.open().map(opened -> keys))
      .recover(cause -> Future.failedFuture(new Unusable("jwt.keys or jwt.secret is of no use: "
        + cause.getMessage())))
      .map(keys -> new TokenRecognizer(auth, keys, signIns, RefusedNames.of(vertx), Clock.systemUTC()));
  }

  private static KeySource source(Vertx vertx, Auth.Jwt jwt) {
    return jwt.keys()
      .map(place -> place.matches("https?://.*") ? KeyAddress.of(vertx, URI.create(place)) : new KeyFile(vertx, place))
      .orElseGet(() -> new FixedKeys(KeyReader.ofSecret(jwt.secret().orElse(""))));
  }

  @Override
  public Future<Optional<Identity>> recognize(HttpServerRequest request) {
    return token(request).flatMap(text -> SignedToken.read(text).map(token -> recognize(text, token)))
      .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<Identity>> recognize(String text, SignedJWT token) {
    return keys.forToken(token.getHeader())
      .compose(ring -> ring.map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(AuthRefusals.nobodyVouches())))
      .compose(ring -> verified.find(text, ring, clock.instant()).or(() -> verify(text, token, ring))
        .map(this::unlessRevoked)
        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  private Optional<Verified> verify(String text, SignedJWT token, KeyRing ring) {
    Optional<Verified> proved = check.proved(token, ring).map(claims -> verified(claims, ring));
    proved.ifPresent(known -> verified.remember(text, known));
    return proved;
  }

  private Verified verified(JWTClaimsSet claims, KeyRing ring) {
    return new Verified(mapping.identity(claims.getClaims()),
      Optional.ofNullable(claims.getIssueTime()).map(issued -> issued.toInstant()),
      claims.getExpirationTime().toInstant(), ring);
  }

  private Future<Optional<Identity>> unlessRevoked(Verified known) {
    return revocations.spare(known.identity().user(), known.issued())
      .map(spared -> spared ? Optional.of(known.identity()) : Optional.empty());
  }

  private Optional<String> token(HttpServerRequest request) {
    return Authorization.has(request, Authorization.BEARER) ? Authorization.of(request, Authorization.BEARER)
      : settings.cookie().flatMap(name -> SentCookies.only(request, name));
  }
}
