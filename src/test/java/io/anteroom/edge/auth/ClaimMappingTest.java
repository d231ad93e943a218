package io.anteroom.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.config.AuthSettings;
import io.anteroom.identity.Identity;
import io.anteroom.support.LogLines;
import io.anteroom.task.ApiException;
import java.util.HashMap;
import java.util.List;
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

  /** Ids of Moodle and others are numbers in JSON. */
  @Test
  void aNumberIsANameToo() {
    assertThat(user("uid", Map.of("uid", 4711L))).hasValue("4711");
    assertThat(user("uid", Map.of("uid", 4711))).hasValue("4711");
  }

  /** What was read, where, and why it is no name. */
  @Test
  void whatIsNoNameIsToldInTheAnswerAndOnceInTheLog() {
    Map<String, Map<String, Object>> cases = Map.of(
      "the claim uid of the token says '', but it has no such claim, or no text in it", Map.of("sub", "alice"),
      "says '', but it has no such claim", Map.of("uid", List.of("alice")),
      "says 'a%b', but it contains '%' (U+0025)", Map.of("uid", "a%b"),
      "says 'a\\u{A}b', but it contains '\\u{A}' (U+000A)", Map.of("uid", "a\nb"),
      "says '.', but a part of it is '.'", Map.of("uid", "."));
    try (LogLines log = new LogLines("audit")) {
      cases.forEach((text, claims) -> {
        ClaimMapping mapping = mapping("uid");
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> mapping.identity(claims)).isInstanceOfSatisfying(ApiException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ApiException.Code.NOT_IN_THE_LAB);
            assertThat(refusal.english()).contains(text);
            assertThat(refusal.chinese()).contains("claim uid of the token");
          });
        }
      });
      assertThat(log.all()).hasSize(cases.size())
        .allMatch(line -> line.contains("Sign-in refused, the name cannot be used: source=\"claim uid of the token\""))
        .anyMatch(line -> line.contains("name='a\\u{A}b'"));
    }
  }

  private static Optional<String> byMail(String claim, Object value) {
    Map<String, Object> claims = new HashMap<>(Map.of("sub", "4711", "email", MAIL));
    claims.put(claim, value);
    return user("email", claims);
  }

  private static Optional<String> user(String namedBy, Map<String, Object> claims) {
    try {
      return Optional.of(mapping(namedBy).identity(claims)).map(Identity::user);
    } catch (ApiException refused) {
      return Optional.empty();
    }
  }

  private static ClaimMapping mapping(String namedBy) {
    return new ClaimMapping(new AuthSettings.Claims(namedBy, "groups", "role", Set.of("teacher"), Set.of()),
      new RejectedNames(System::nanoTime));
  }
}
