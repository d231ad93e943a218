package io.anteroom.edge.auth.jwt;

import static io.anteroom.edge.auth.jwt.TokenFixture.NOBODY;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import io.anteroom.attack.Attack;
import io.anteroom.edge.auth.jwt.JwtVerifier.ClaimsVerifier;
import io.anteroom.edge.auth.jwt.KeySource.FixedKeys;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that were proved once, and are worthless later; they are signed with a shared secret. */
class RevocationTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String ALICE = "alice student []";

  private final Vertx vertx = Vertx.vertx();
  private final TokenFixture door = new TokenFixture(vertx, new FixedKeys(KeyParser.ofSecret(SECRET)));

  @AfterEach
  void close() {
    door.close();
    done(vertx.close());
  }

  @Test
  @Attack(9)
  void aTokenFromBeforeItsUserWasRevokedNamesNobodyAndALaterOneDoes() {
    String before = token(door.claims());
    assertThat(door.bearer(before)).isEqualTo(ALICE);

    door.clock.moves(Duration.ofSeconds(10));
    done(door.signIns.revoke("alice"));
    door.clock.moves(RevocationCheck.LATE);

    assertThat(door.bearer(before)).isEqualTo(NOBODY);
    assertThat(door.bearer(token(door.claims()))).isEqualTo(ALICE);
    assertThat(door.bearer(token(door.claims().put("sub", "bob")))).isEqualTo("bob student []");
  }

  @Test
  @Attack(9)
  void aTokenThatDoesNotSayWhenItWasIssuedCountsUntilItsUserIsRevoked() {
    JsonObject claims = door.claims();
    claims.remove("iat");
    String token = token(claims);
    assertThat(door.bearer(token)).isEqualTo(ALICE);

    done(door.signIns.revoke("alice"));
    door.clock.moves(RevocationCheck.LATE);

    assertThat(door.bearer(token)).isEqualTo(NOBODY);
  }

  @Test
  void aTokenThatWasProvedIsNotRememberedBeyondItsEnd() {
    String token = token(door.claims().put("exp", door.clock.instant().getEpochSecond() + 10));
    assertThat(door.bearer(token)).isEqualTo(ALICE);

    door.clock.moves(ClaimsVerifier.LEEWAY.plusSeconds(11));

    assertThat(door.bearer(token)).isEqualTo(NOBODY);
  }

  private static String token(JsonObject claims) {
    try {
      JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims.encode()));
      token.sign(new MACSigner(SECRET));
      return token.serialize();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }
}
