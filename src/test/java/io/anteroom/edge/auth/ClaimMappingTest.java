package io.anteroom.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.config.Auth;
import io.anteroom.signin.Identity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the claims of a true token name. */
class ClaimMappingTest {
  private static final String MAIL = "alice@school.example";

  /** At many providers anybody may write in any address; only who has received a mail there is its owner. */
  @Attack(36)
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"false", "FALSE", "no", "0", "", "unknown"})
  void anAddressThatNobodyHasCheckedIsNobodys(String said) {
    assertThat(byMail("email_verified", said)).isEmpty();
  }

  @Attack(36)
  @Test
  void anAddressThatWasNotCheckedIsNobodysInJsonsOwnWordToo() {
    assertThat(byMail("email_verified", false)).isEmpty();
    assertThat(byMail("email_verified", 0)).isEmpty();
  }

  @Test
  void anAddressThatWasCheckedOrOfWhichNothingIsSaidIsAName() {
    assertThat(byMail("email_verified", true)).hasValue(MAIL);
    assertThat(byMail("email_verified", "true")).hasValue(MAIL);
    assertThat(byMail("unheard_of", "")).hasValue(MAIL);
  }

  @Test
  void whoIsNamedByAnotherClaimNeedsNoAddress() {
    assertThat(user("sub", Map.of("sub", "alice", "email", MAIL, "email_verified", false))).hasValue("alice");
  }

  private static Optional<String> byMail(String claim, Object value) {
    Map<String, Object> claims = new HashMap<>(Map.of("sub", "4711", "email", MAIL));
    claims.put(claim, value);
    return user("email", claims);
  }

  private static Optional<String> user(String namedBy, Map<String, Object> claims) {
    return new ClaimMapping(new Auth.Claims(namedBy, "groups", "role", Set.of("teacher"), Set.of()))
      .identity(claims).map(Identity::user);
  }
}
