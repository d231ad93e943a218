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

/** Proves that a token is what the teaching system issued for us, and still good. */
final class JwtVerifier {
  private static final Logger log = LoggerFactory.getLogger(JwtVerifier.class);
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final ConfigurableJWTProcessor<VerificationKeys> processor = new DefaultJWTProcessor<>();

  /**
   * @param issuer   the only {@code iss}
   * @param audience has to be among the {@code aud}
   */
  JwtVerifier(String issuer, String audience, Clock clock) {
    processor.setJWSKeySelector((header, ring) -> ring.keysFor(header));
    // What was issued for another purpose (logout+jwt, secevent+jwt, …) signs nobody in. Absent is usual.
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
    processor.setJWTClaimsSetVerifier(new Expectations(issuer, audience, clock));
  }

  /** What it says; empty when that is not proved by one of these keys. */
  Optional<JWTClaimsSet> proved(SignedJWT token, VerificationKeys ring) {
    try {
      return Optional.of(processor.process(token, ring));
    } catch (BadJOSEException | JOSEException notTrue) {
      log.debug("A token was not taken: cause={}", notTrue.getMessage());
      return Optional.empty();
    }
  }

  /** What a token must say about itself: from whom, for whom, until when; and how much clocks may differ. */
  static final class Expectations extends DefaultJWTClaimsVerifier<VerificationKeys> {
    /** Nobody's clock is more wrong. */
    static final Duration LEEWAY = Duration.ofSeconds(60);
    /** One that is good for longer was not meant as a sign-in, and could hardly be taken back. */
    static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private final Clock clock;

    Expectations(String issuer, String audience, Clock clock) {
      super(Set.of(audience), new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("iss", "aud", "exp"), Set.of());
      this.clock = clock;
      setMaxClockSkew((int) LEEWAY.toSeconds());
    }

    @Override
    public void verify(JWTClaimsSet claims, VerificationKeys ring) throws BadJWTException {
      super.verify(claims, ring);
      Instant now = clock.instant();
      // The library takes an end that is there as null for one.
      if (claims.getExpirationTime() == null) {
        throw new BadJWTException("it has no end");
      }
      if (claims.getExpirationTime().toInstant().isAfter(now.plus(LONGEST_LIFE).plus(LEEWAY))) {
        throw new BadJWTException("it would be good for longer than %d days".formatted(LONGEST_LIFE.toDays()));
      }
      // One from the future would survive that its user is revoked.
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
   * Reads a text that may be a token: short, signed, and asking for nothing unusual. What it says is not proved yet.
   */
  public static final class SignedToken {
    /** No cookie and no header can be longer, and no teaching system has as much to say. */
    static final int LONGEST = 16 << 10;

    private static final String UNENCODED = "b64";

    private SignedToken() {
    }

    /**
     * The token; empty for everything else, among it what is not signed ({@code alg: none}), encrypted, or a token
     * within a token.
     */
    public static Optional<SignedJWT> read(String text) {
      if (text.length() > LONGEST) {
        return Optional.empty();
      }
      try {
        return JWTParser.parse(text) instanceof SignedJWT token && isPlain(token.getHeader())
          ? Optional.of(token) : Optional.empty();
      } catch (ParseException | IllegalArgumentException noToken) {
        return Optional.empty();
      }
    }

    /**
     * A header that wants something understood, of which we know nothing, must not be passed over (RFC 7515, 4.1.11).
     */
    private static boolean isPlain(JWSHeader header) {
      return header.getCriticalParams() == null && header.getContentType() == null
        && header.getCustomParam(UNENCODED) == null && header.isBase64URLEncodePayload();
    }
  }
}
