package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proves that a token is what the teaching system issued for us, and still good. */
final class TokenCheck {
  private static final Logger log = LoggerFactory.getLogger(TokenCheck.class);
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final ConfigurableJWTProcessor<KeyRing> processor = new DefaultJWTProcessor<>();

  /**
   * @param issuer   the only {@code iss}
   * @param audience has to be among the {@code aud}
   */
  TokenCheck(String issuer, String audience, Clock clock) {
    processor.setJWSKeySelector((header, ring) -> ring.keysFor(header));
    // What was issued for another purpose (logout+jwt, secevent+jwt, …) signs nobody in. Absent is usual.
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
    processor.setJWTClaimsSetVerifier(new Expectations(issuer, audience, clock));
  }

  /** What it says; empty when that is not proved by one of these keys. */
  Optional<JWTClaimsSet> proved(SignedJWT token, KeyRing ring) {
    try {
      return Optional.of(processor.process(token, ring));
    } catch (BadJOSEException | JOSEException notTrue) {
      log.debug("A token was not taken: cause={}", notTrue.getMessage());
      return Optional.empty();
    }
  }
}
