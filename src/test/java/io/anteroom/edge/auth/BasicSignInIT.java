package io.anteroom.edge.auth;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.Reply;
import io.anteroom.edge.auth.password.OneTimeCode;
import io.anteroom.edge.auth.password.PasswordHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs send a name and a password with each request, and get what is their user's own. */
class BasicSignInIT extends SignInScenarios {
  private static final String ALICES = basic("alice:" + SECRET);

  @Test
  void aProgramHasWhatIsItsUsersAndNothingElse() {
    Reply own = house.get("/u/alice/view?own", "Authorization", ALICES);

    assertThat(own.status()).isEqualTo(200);
    assertThat(own.header("Set-Cookie")).isNull();
    assertThat(house.comfy.lastAsked().header("Authorization")).as("reaches the instance").isNull();
    assertThat(house.get("/api/v1/comfy/queue", "Authorization", ALICES).error()).isEqualTo("queue_unavailable");
    assertThat(house.get("/u/bob/view?a", "Authorization", ALICES).error()).isEqualTo("not_yours");
    assertThat(house.post("/u/bob/prompt", "{}", "Authorization", ALICES).error()).isEqualTo("not_yours");
  }

  static Stream<String> wrongCredentials() {
    return Stream.of(basic("alice:wrong"), basic("alice:"), basic("mallory:" + SECRET), basic("bob:" + CODE),
      basic("alice" + SECRET), basic(""), "Basic " + SECRET, "Basic", "Digest " + SECRET, "Bearer " + SECRET);
  }

  @ParameterizedTest
  @MethodSource("wrongCredentials")
  void wrongCredentialsOpenNothing(String authorization) {
    Reply reply = house.get("/u/alice/view?wrong", "Authorization", authorization);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.error()).isEqualTo("sign_in_needed");
    assertThat(reply.header("WWW-Authenticate")).as("no browser is to send Basic by itself").isNull();
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().equals("/view?wrong"));
  }

  @Test
  void ofTwoCredentialsNoneCounts() {
    assertThat(house.get("/u/alice/view?two", "Authorization", ALICES, "Authorization", ALICES).status())
      .isBetween(400, 401);
  }

  @Test
  void aCodeIsNotUsedUpByAProgram() {
    house.get("/u/bob/view?code", "Authorization", basic("bob:" + CODE));

    assertThat(errand(signIn("bob", CODE, ""))).isNotEmpty();
  }

  @Test
  void differentWrongPasswordsUseUpTheAttempts() {
    for (int tries = 0; tries < 10; tries++) {
      assertThat(house.get("/u/alice/view", "Authorization", basic("alice:guess" + tries)).status()).isEqualTo(401);
    }

    assertThat(house.get("/u/alice/view", "Authorization", basic("alice:guess10")).status()).isEqualTo(429);
    assertThat(signIn("alice", SECRET, "").status()).isEqualTo(429);
  }

  @Test
  void aForgottenScriptWithAnOldPasswordDoesNotLockItsUserOut() {
    for (int tries = 0; tries < 30; tries++) {
      assertThat(house.get("/u/alice/view", "Authorization", basic("alice:old password")).status()).isEqualTo(401);
    }

    assertThat(signIn("alice", SECRET, "").status()).isEqualTo(303);
  }

  @Test
  @Attack(9)
  void aRevocationEndsWhatAPasswordHasOpened() throws IOException {
    // no other test has sent this, so that the node knows nothing of it from before the store was emptied
    String sent = basic("ALICE:" + SECRET);
    assertThat(house.get("/u/alice/view", "Authorization", sent).status()).isEqualTo(200);
    write("alice:" + PasswordHash.of("a new password"), "bob:code:" + PasswordHash.of(OneTimeCode.plain(CODE)));
    assertThat(house.get("/u/alice/view", "Authorization", sent).status()).as("checked once only").isEqualTo(200);

    done(signIns.revoke("alice"));

    until(() -> house.get("/u/alice/view", "Authorization", sent).status() == 401);
    assertThat(house.get("/u/alice/view", "Authorization", basic("alice:a new password")).status()).isEqualTo(200);
    write("alice:" + HASH, "bob:code:" + PasswordHash.of(OneTimeCode.plain(CODE)));
  }

  @Test
  void whatAProxyInFrontAskedBrowsersForIsNotTakenForASignIn() {
    String cookie = cookie(signIn("alice", SECRET, ""));

    for (int files = 0; files < 20; files++) {
      Reply file = house.get("/u/alice/view", "Cookie", cookie, "Authorization", basic("bob:of the proxy" + files));
      assertThat(file.status()).isEqualTo(200);
    }

    assertThat(errand(signIn("bob", CODE, ""))).as("bob has attempts left").isNotEmpty();
  }

  private static String basic(String credentials) {
    return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }
}
