package io.anteroom.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.LogLines;
import io.anteroom.support.redis.SharedSignInStore;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy of the lab says who asks, and nobody else. */
class HeaderSignInTest {
  private static final String USER = "X-Forwarded-User";
  /** The tests themselves are the proxy of the first, and a stranger to the second. */
  private static final EdgeFixture BEHIND_US = house("127.0.0.1");
  private static final EdgeFixture BEHIND_ANOTHER = house("192.0.2.7");

  private static EdgeFixture house(String proxy) {
    return new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "header", "ANTEROOM_HTTP_TRUSTED_PROXIES", proxy),
      SharedSignInStore::unasked);
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
    try (EdgeFixture house = new EdgeFixture(Map.of("ANTEROOM_JWT_COOKIE", "moodle_token"),
        SharedSignInStore::unasked)) {
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
  @ValueSource(strings = {"alice,bob", "alice, alice", "alice/../bob", "../alice", "", " ", "alice\tbob", "al  ice",
    "alice%00", "<alice>", "\"alice\""})
  @Attack(12)
  void whatIsNoNameIsNobody(String name) {
    assertThat(BEHIND_US.get("/u/alice/x", USER, name).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice;bob", "al ice", "alice\\", "alice/bob", "alice'", "CN=alice,CN=alice", "аlice"})
  @Attack(12)
  void whatIsAnotherNameIsAnotherUser(String name) {
    assertThat(BEHIND_US.get("/u/alice/x", USER, inUtf8(name)).error()).isEqualTo("not_in_the_lab");
  }

  /** Proxies write UTF-8, of which a header has one letter for each byte; old ones write Latin-1. */
  @Test
  void aNameMayBeWrittenInAnyLetters() {
    assertThat(BEHIND_US.get("/u/%E5%BC%A0%E4%B8%89/x", USER, inUtf8("张三")).status()).isEqualTo(200);
    assertThat(BEHIND_US.get("/u/alice/x", USER, "jos\u00E9").text()).contains("'josé'");
    assertThat(BEHIND_US.get("/u/alice/x", USER, inUtf8("josé")).text()).contains("'josé'");
  }

  /** The log has one line for a page that asks hundreds of times. */
  @Test
  void whatWasReadWhereAndWhyItIsNoNameIsTold() {
    try (LogLines log = new LogLines("audit")) {
      for (int i = 0; i < 5; i++) {
        Reply reply = BEHIND_US.get("/u/alice/x", USER, "no%name");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).contains("the header X-Forwarded-User says 'no%name', but it contains '%' (U+0025)",
          "header X-Forwarded-User 的值为“no%name”");
      }
      assertThat(log.all()).containsExactly("Sign-in refused, the name cannot be used:"
        + " source=\"header X-Forwarded-User\" name='no%name'"
        + " cause=\"it contains '%' (U+0025), which no user name may have\"");
    }
  }

  private static String inUtf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  @Attack(36)
  void nobodyBecomesATeacherByAHeader() {
    assertThat(BEHIND_US.get("/u/bob/x", USER, "alice", "X-Forwarded-Role", "admin", "X-Forwarded-Groups", "class")
      .error()).isEqualTo("not_yours");
  }
}
