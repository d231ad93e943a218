package io.anteroom.edge.auth.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;

/** What a token must say about itself: from whom, for whom, until when; and how much clocks may differ. */
final class Expectations extends DefaultJWTClaimsVerifier<KeyRing> {
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
  public void verify(JWTClaimsSet claims, KeyRing ring) throws BadJWTException {
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
