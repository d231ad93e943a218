package io.anteroom.edge.auth.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.AuthorizationHeader;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.Cookies;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.jwt.JwtVerifier.SignedToken;
import io.anteroom.edge.auth.jwt.KeySource.FixedKeys;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.anteroom.edge.auth.jwt.TokenCache.Verified;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/**
 * Authenticates by a token (JWT) of the teaching system: in {@code Authorization: Bearer}, else in its cookie. Never by
 * one in the address, which a link could contain (login CSRF). For one event loop.
 */
public final class JwtAuthenticator implements Authenticator {
  private final AuthSettings.Jwt settings;
  private final KeySource keys;
  private final JwtVerifier verifier;
  private final ClaimMapping mapping;
  private final RevocationCheck revocations;
  private final TokenCache verified = new TokenCache();
  private final Clock clock;

  JwtAuthenticator(AuthSettings auth, KeySource keys, SignInStore signIns, RejectedNames rejected, Clock clock) {
    this.settings = auth.jwt();
    this.keys = keys;
    this.verifier = new JwtVerifier(settings.issuer(), settings.audience(), clock);
    this.mapping = new ClaimMapping(auth.claims(), rejected);
    this.revocations = new RevocationCheck(signIns, clock);
    this.clock = clock;
  }

  /** Loads the keys; fails with a message for the administrator when there can never be any. */
  public static Future<Authenticator> open(Vertx vertx, AuthSettings auth, SignInStore signIns) {
    return Future.succeededFuture(auth.jwt()).map(jwt -> source(vertx, jwt))
      .compose(keys -> keys.open().map(opened -> keys))
      .recover(cause -> Future.failedFuture(new Unusable("jwt.keys or jwt.secret cannot be used: "
        + cause.getMessage())))
      .map(keys -> new JwtAuthenticator(auth, keys, signIns, RejectedNames.of(vertx), Clock.systemUTC()));
  }

  private static KeySource source(Vertx vertx, AuthSettings.Jwt jwt) {
    return jwt.keys()
      .map(place -> place.matches("https?://.*") ? JwksUrl.of(vertx, URI.create(place)) : new KeyFile(vertx, place))
      .orElseGet(() -> new FixedKeys(KeyParser.ofSecret(jwt.secret().orElse(""))));
  }

  @Override
  public Future<Optional<Identity>> authenticate(HttpServerRequest request) {
    return token(request).flatMap(text -> SignedToken.read(text).map(token -> authenticate(text, token)))
      .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<Identity>> authenticate(String text, SignedJWT token) {
    return keys.forToken(token.getHeader())
      .compose(keySet -> keySet.map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(AuthErrors.providerUnavailable())))
      .compose(keySet -> verified.find(text, keySet, clock.instant()).or(() -> verify(text, token, keySet))
        .map(this::unlessRevoked)
        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  private Optional<Verified> verify(String text, SignedJWT token, VerificationKeys keySet) {
    Optional<Verified> proved = verifier.proved(token, keySet).map(claims -> verified(claims, keySet));
    proved.ifPresent(known -> verified.remember(text, known));
    return proved;
  }

  private Verified verified(JWTClaimsSet claims, VerificationKeys keySet) {
    return new Verified(mapping.identity(claims.getClaims()),
      Optional.ofNullable(claims.getIssueTime()).map(issued -> issued.toInstant()),
      claims.getExpirationTime().toInstant(), keySet);
  }

  private Future<Optional<Identity>> unlessRevoked(Verified known) {
    return revocations.spare(known.identity().user(), known.issued())
      .map(spared -> spared ? Optional.of(known.identity()) : Optional.empty());
  }

  private Optional<String> token(HttpServerRequest request) {
    return AuthorizationHeader.has(request, AuthorizationHeader.BEARER)
      ? AuthorizationHeader.of(request, AuthorizationHeader.BEARER)
      : settings.cookie().flatMap(name -> Cookies.only(request, name));
  }
}
