package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.jwt.JwtVerifier.ClaimsVerifier;
import io.anteroom.edge.auth.jwt.JwtVerifier.SignedToken;
import io.vertx.core.Future;
import java.text.ParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies that an ID token was issued by this issuer, for this client, and in reply to this very request (nonce). */
public final class IdTokenVerifier {
  private static final Logger log = LoggerFactory.getLogger(IdTokenVerifier.class);
  private static final String AUTHORIZED_PARTY = "azp";

  private final Issuer issuer;
  private final ClientID client;

  public IdTokenVerifier(String issuer, String clientId) {
    this.issuer = new Issuer(issuer);
    this.client = new ClientID(clientId);
  }

  /** Its claims; fails when it is not valid, or cannot be verified at present. */
  public Future<JWTClaimsSet> proved(String text, String nonce, KeySource keys) {
    Optional<SignedJWT> token = SignedToken.read(text);
    if (token.isEmpty()) {
      return Future.failedFuture(AuthErrors.unprovenSignIn());
    }
    return keys.forToken(token.get().getHeader()).compose(keySet -> keySet.isEmpty()
      ? Future.failedFuture(AuthErrors.providerUnavailable())
      : proved(token.get(), nonce, keySet.get()));
  }

  private Future<JWTClaimsSet> proved(SignedJWT token, String nonce, VerificationKeys keySet) {
    JWSKeySelector<SecurityContext> selector = (header, none) -> keySet.keysFor(header);
    IDTokenValidator validator = new IDTokenValidator(issuer, client, selector, null);
    validator.setMaxClockSkew((int) ClaimsVerifier.LEEWAY.toSeconds());
    try {
      validator.validate(token, new Nonce(nonce));
      JWTClaimsSet claims = token.getJWTClaimsSet();
      return isForThisClient(claims) ? Future.succeededFuture(claims)
        : rejected("it was issued to another client, azp is " + claims.getClaim(AUTHORIZED_PARTY));
    } catch (BadJOSEException | JOSEException | ParseException invalid) {
      return rejected(invalid.getMessage());
    }
  }

  /** With several audiences {@code azp} must be present; where it is present, it must be this client. */
  private boolean isForThisClient(JWTClaimsSet claims) {
    Object authorizedParty = claims.getClaim(AUTHORIZED_PARTY);
    return client.getValue().equals(authorizedParty) || authorizedParty == null && claims.getAudience().size() == 1;
  }

  private static Future<JWTClaimsSet> rejected(String why) {
    log.info("An ID token was rejected: cause={}", why);
    return Future.failedFuture(AuthErrors.unprovenSignIn());
  }
}
