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
import io.anteroom.edge.auth.jwt.JwtVerifier.Expectations;
import io.anteroom.edge.auth.jwt.JwtVerifier.SignedToken;
import io.vertx.core.Future;
import java.text.ParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proves that an id_token is what this issuer made for us, about the very errand that we sent a browser on. */
public final class IdTokenVerifier {
  private static final Logger log = LoggerFactory.getLogger(IdTokenVerifier.class);
  private static final String AUTHORIZED_PARTY = "azp";

  private final Issuer issuer;
  private final ClientID client;

  public IdTokenVerifier(String issuer, String clientId) {
    this.issuer = new Issuer(issuer);
    this.client = new ClientID(clientId);
  }

  /** What it says; refused when that is not proved, or cannot be for now. */
  public Future<JWTClaimsSet> proved(String text, String nonce, KeySource keys) {
    Optional<SignedJWT> token = SignedToken.read(text);
    if (token.isEmpty()) {
      return Future.failedFuture(AuthErrors.untrueSignIn());
    }
    return keys.forToken(token.get().getHeader()).compose(ring -> ring.isEmpty()
      ? Future.failedFuture(AuthErrors.nobodyVouches())
      : proved(token.get(), nonce, ring.get()));
  }

  private Future<JWTClaimsSet> proved(SignedJWT token, String nonce, VerificationKeys ring) {
    JWSKeySelector<SecurityContext> selector = (header, none) -> ring.keysFor(header);
    IDTokenValidator validator = new IDTokenValidator(issuer, client, selector, null);
    validator.setMaxClockSkew((int) Expectations.LEEWAY.toSeconds());
    try {
      validator.validate(token, new Nonce(nonce));
      JWTClaimsSet claims = token.getJWTClaimsSet();
      return isForUsAlone(claims) ? Future.succeededFuture(claims)
        : refused("it was issued for the use of another, azp is " + claims.getClaim(AUTHORIZED_PARTY));
    } catch (BadJOSEException | JOSEException | ParseException notTrue) {
      return refused(notTrue.getMessage());
    }
  }

  /** With several audiences it has to be said who of them may use it; and whenever it is said, it must be us. */
  private boolean isForUsAlone(JWTClaimsSet claims) {
    Object party = claims.getClaim(AUTHORIZED_PARTY);
    return client.getValue().equals(party) || party == null && claims.getAudience().size() == 1;
  }

  private static Future<JWTClaimsSet> refused(String why) {
    log.info("An id_token was not taken: cause={}", why);
    return Future.failedFuture(AuthErrors.untrueSignIn());
  }
}
