package io.anteroom.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the audit log says of who comes and goes, and what it never says. */
class AuditIT extends SignInScenarios {
  private static final String CHOSEN = "my own password";

  private final LogLines audit = new LogLines("audit");

  @AfterEach
  void hearNoMore() {
    audit.close();
  }

  @Test
  void whoSignsInAndOutStandsInIt() {
    signIn("Alice", "wrong", "");
    String cookie = cookie(signIn("Alice", SECRET, ""));
    house.post("/signout", "", "Content-Type", FORM, "Cookie", cookie);
    choose(errand(signIn("bob", CODE, "")), CHOSEN);

    assertThat(audit.all()).containsExactly(
      "Sign-in refused: user=alice address=127.0.0.1",
      "Signed in: user=alice role=student address=127.0.0.1",
      "Signed out: user=alice address=127.0.0.1",
      "Password chosen: user=bob address=127.0.0.1",
      "Signed in: user=bob role=student address=127.0.0.1");
    assertThat(audit.all()).noneMatch(line -> line.contains(cookie.replace("anteroom=", "")) || line.contains(CODE)
      || line.contains(SECRET) || line.contains(CHOSEN));
  }

  @Test
  void aPasswordWhereTheNameBelongsDoesNot() {
    signIn(SECRET, "", "");

    assertThat(audit.all()).containsExactly("Sign-in refused: user=(not of the lab) address=127.0.0.1");
  }

  @Test
  void whoWasNotSignedInDoesNotSignOut() {
    house.post("/signout", "", "Content-Type", FORM, "Cookie", "anteroom=" + "x".repeat(43));

    assertThat(audit.all()).isEmpty();
  }
}
