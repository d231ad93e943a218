package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies that a token was issued by the teaching system for Anteroom, and is still valid. */
final class JwtVerifier {
  private static final Logger log = LoggerFactory.getLogger(JwtVerifier.class);
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final ConfigurableJWTProcessor<VerificationKeys> processor = new DefaultJWTProcessor<>();

  /**
   * @param issuer   the only {@code iss}
   * @param audience has to be among the {@code aud}
   */
  JwtVerifier(String issuer, String audience, Clock clock) {
    processor.setJWSKeySelector((header, keySet) -> keySet.keysFor(header));
    // Tokens of another type (logout+jwt, secevent+jwt, …) do not sign in. Often there is none.
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
    processor.setJWTClaimsSetVerifier(new ClaimsVerifier(issuer, audience, clock));
  }

  /** Its claims; empty when none of these keys verifies it. */
  Optional<JWTClaimsSet> proved(SignedJWT token, VerificationKeys keySet) {
    try {
      return Optional.of(processor.process(token, keySet));
    } catch (BadJOSEException | JOSEException invalid) {
      log.debug("A token was rejected: cause={}", invalid.getMessage());
      return Optional.empty();
    }
  }

  /** The claims that a token must have: issuer, audience, expiry; and how much clocks may differ. */
  static final class ClaimsVerifier extends DefaultJWTClaimsVerifier<VerificationKeys> {
    /** The clock skew that is accepted. */
    static final Duration LEEWAY = Duration.ofSeconds(60);
    /** A token that is valid for longer is not meant for signing in, and can hardly be revoked. */
    static final Duration MAX_LIFETIME = Duration.ofDays(30);

    private final Clock clock;

    ClaimsVerifier(String issuer, String audience, Clock clock) {
      super(Set.of(audience), new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("iss", "aud", "exp"), Set.of());
      this.clock = clock;
      setMaxClockSkew((int) LEEWAY.toSeconds());
    }

    @Override
    public void verify(JWTClaimsSet claims, VerificationKeys keySet) throws BadJWTException {
      super.verify(claims, keySet);
      Instant now = clock.instant();
      // The library accepts an expiry of null.
      if (claims.getExpirationTime() == null) {
        throw new BadJWTException("it has no expiry");
      }
      if (claims.getExpirationTime().toInstant().isAfter(now.plus(MAX_LIFETIME).plus(LEEWAY))) {
        throw new BadJWTException("it is valid for longer than %d days".formatted(MAX_LIFETIME.toDays()));
      }
      // A token from the future would survive a revocation of its user.
      if (claims.getIssueTime() != null && claims.getIssueTime().toInstant().isAfter(now.plus(LEEWAY))) {
        throw new BadJWTException("it was issued in the future");
      }
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }

  /**
   * Parses a text that may be a token: short, signed, and without extensions. Its claims are not verified yet.
   */
  public static final class SignedToken {
    /** Longer than any cookie or header that is accepted. */
    static final int MAX_LENGTH = 16 << 10;

    private static final String UNENCODED = "b64";

    private SignedToken() {
    }

    /**
     * The token; empty for everything else, such as an unsigned ({@code alg: none}), encrypted or nested one.
     */
    public static Optional<SignedJWT> read(String text) {
      if (text.length() > MAX_LENGTH) {
        return Optional.empty();
      }
      try {
        return JWTParser.parse(text) instanceof SignedJWT token && isPlain(token.getHeader())
          ? Optional.of(token) : Optional.empty();
      } catch (ParseException | IllegalArgumentException notAToken) {
        return Optional.empty();
      }
    }

    /**
     * Critical extensions that are not understood must not be ignored (RFC 7515, section 4.1.11).
     */
    private static boolean isPlain(JWSHeader header) {
      return header.getCriticalParams() == null && header.getContentType() == null
        && header.getCustomParam(UNENCODED) == null && header.isBase64URLEncodePayload();
    }
  }
}
