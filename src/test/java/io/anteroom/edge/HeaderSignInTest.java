package io.anteroom.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.support.SignInStores;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy of the lab says who asks, and nobody else. */
class HeaderSignInTest {
  private static final String USER = "X-Forwarded-User";
  /** The tests themselves are the proxy of the first, and a stranger to the second. */
  private static final EdgeHouse BEHIND_US = house("127.0.0.1");
  private static final EdgeHouse BEHIND_ANOTHER = house("192.0.2.7");

  private static EdgeHouse house(String proxy) {
    return new EdgeHouse(Map.of("ANTEROOM_AUTH_MODE", "header", "ANTEROOM_HTTP_TRUSTED_PROXIES", proxy),
      SignInStores::unasked);
  }

  @AfterAll
  static void close() {
    BEHIND_US.close();
    BEHIND_ANOTHER.close();
  }

  @Test
  void whomTheProxyNamesHasHisOwnAndNothingElse() {
    assertThat(BEHIND_US.get("/u/alice/x", USER, "alice").status()).isEqualTo(200);
    assertThat(BEHIND_US.get("/u/alice/x", USER, "Alice").status()).isEqualTo(200);
    assertThat(BEHIND_US.get("/u/bob/x", USER, "alice").error()).isEqualTo("not_yours");
    assertThat(BEHIND_US.get("/u/alice/x", USER, "mallory").error()).isEqualTo("not_in_the_lab");
    assertThat(BEHIND_US.get("/u/alice/x").error()).isEqualTo("sign_in_needed");
  }

  @Test
  void anInstanceDoesNotHearIt() {
    BEHIND_US.get("/u/alice/heard", USER, "alice");

    assertThat(BEHIND_US.comfy.lastAsked().header(USER)).isNull();
  }

  @Test
  void aTokenOfTheTeachingSystemDoesNotReachAnInstance() {
    try (EdgeHouse house = new EdgeHouse(Map.of("ANTEROOM_JWT_COOKIE", "moodle_token"), SignInStores::unasked)) {
      house.get("/u/alice/x", "Cookie", "a=b; moodle_token=secret; moodle_token2=c");
      assertThat(house.comfy.lastAsked().header("Cookie")).isEqualTo("a=b; moodle_token2=c");

      house.get("/u/alice/x", "Cookie", "__Host-moodle_token=secret; =Moodle_Token=secret");
      assertThat(house.comfy.lastAsked().header("Cookie")).isNull();
    }
  }

  @Test
  @Attack(10)
  void nobodyElseSaysWhoAsks() {
    assertThat(BEHIND_ANOTHER.get("/u/alice/x", USER, "alice").status()).isEqualTo(401);
    assertThat(BEHIND_ANOTHER.get("/u/alice/x", USER, "alice", "X-Forwarded-For", "192.0.2.7").status())
      .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X_Forwarded_User", "X-Forwarded_User", "X-Forwarded-User-", "HTTP_X_FORWARDED_USER",
    "Remote-User"})
  @Attack(11)
  void anotherSpellingIsAnotherHeader(String name) {
    assertThat(BEHIND_US.get("/u/alice/x", name, "alice").status()).isEqualTo(401);
  }

  @Test
  @Attack(12)
  void twoNamesAreNone() {
    assertThat(BEHIND_US.get("/u/alice/x", USER, "alice", USER, "bob").status()).isEqualTo(401);
    assertThat(BEHIND_US.get("/u/alice/x", USER, "alice", USER, "alice").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice,bob", "alice;bob", "alice/../bob", "../alice", "", " ", "alice\tbob", "al ice",
    "alice\\"})
  @Attack(12)
  void whatIsNoNameIsNobody(String name) {
    assertThat(BEHIND_US.get("/u/alice/x", USER, name).status()).isEqualTo(401);
  }

  @Test
  @Attack(36)
  void nobodyBecomesATeacherByAHeader() {
    assertThat(BEHIND_US.get("/u/bob/x", USER, "alice", "X-Forwarded-Role", "admin", "X-Forwarded-Groups", "class")
      .error()).isEqualTo("not_yours");
  }
}
