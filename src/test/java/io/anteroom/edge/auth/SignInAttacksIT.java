package io.anteroom.edge.auth;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.Reply;
import io.anteroom.edge.session.Tab;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who tries to come in as somebody else, or stays when he may not. */
class SignInAttacksIT extends SignInScenarios {
  @Test
  @Attack(9)
  void whoIsRevokedIsShownOut() {
    String cookie = cookie(signIn("alice", SECRET, ""));
    Tab tab = house.tab("/u/alice/custom", "Cookie", cookie);

    done(signIns.revoke("alice"));

    until(() -> tab.closeCode() == 4401);
    until(() -> house.get("/u/alice/x", "Cookie", cookie).status() == 401);
  }

  @Test
  @Attack(25)
  void aTokenThatWasLaidReadyIsWorthNothing() {
    Reply reply = house.post("/signin", fields("alice", SECRET, ""), "Content-Type", FORM,
      "Cookie", "anteroom=laid-ready-by-somebody");

    assertThat(cookie(reply)).isNotEqualTo("anteroom=laid-ready-by-somebody");
    assertThat(house.get("/u/alice/x", "Cookie", "anteroom=laid-ready-by-somebody").status()).isEqualTo(401);
  }

  @Test
  @Attack(25)
  void noOtherSiteSignsSomebodyIn() {
    Reply reply = house.post("/signin", fields("alice", SECRET, ""), "Content-Type", FORM, "Origin", "http://evil");

    assertThat(reply.error()).isEqualTo("foreign_origin");
    assertThat(reply.header("Set-Cookie")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil", "/\\evil", "https:evil", "https://evil/", "/ evil", "javascript:alert(1)",
    "/\n/evil", "\\\\evil", "/signout", "/signin/oidc"})
  @Attack(25)
  void nobodyIsLedAwayAfterSigningIn(String next) {
    assertThat(signIn("alice", SECRET, next).header("Location")).isEqualTo("/u/alice/");
    assertThat(house.get("/signin?next=" + encoded(next)).text()).contains("name=\"next\" value=\"\"");
  }

  /** Whoever has a network of IPv6 has more addresses than there are passwords to try. */
  @Test
  void aHouseThatHasManyAddressesTriesAsOne() {
    for (int tries = 0; tries < 1_000; tries++) {
      done(signIns.countAttempt("address", "2001:db8:1:2:0:0:0:0", 1_000, Duration.ofMinutes(15)));
    }

    assertThat(signInFrom("2001:db8:1:2::9")).isEqualTo(429);
    assertThat(signInFrom("2001:db8:1:2:3:4:5:6")).isEqualTo(429);
    assertThat(signInFrom("2001:db8:1:3::9")).isEqualTo(303);
  }

  private static int signInFrom(String client) {
    return house.post("/signin", fields("alice", SECRET, ""), "Content-Type", FORM, "X-Forwarded-For", client).status();
  }

  @Test
  void ofTwoWhoUseACodeAtTheSameTimeOneChoosesThePassword() {
    List<String> errands = List.of(errand(signIn("bob", CODE, "")), errand(signIn("bob", CODE, "")));

    List<Future<Reply>> replies = errands.stream().map(errand -> {
      HttpClientRequest request = house.request(HttpMethod.POST, "/signin/choose", "Content-Type", FORM);
      Future<Reply> reply = Reply.to(request);
      request.end("errand=" + errand + "&next=&password=" + encoded("chosen by " + errand));
      return reply;
    }).toList();

    assertThat(replies).extracting(reply -> done(reply).status()).containsExactlyInAnyOrder(303, 401);
  }

  @Test
  @Attack(23)
  void twoCookiesProveNothing() {
    String alices = cookie(signIn("alice", SECRET, ""));

    assertThat(house.get("/u/alice/x", "Cookie", alices + "; anteroom=tossed").status()).isEqualTo(401);
    assertThat(house.get("/u/alice/x", "Cookie", "anteroom=tossed; " + alices).status()).isEqualTo(401);
    assertThat(house.get("/u/alice/x", "Cookie", alices).status()).isEqualTo(200);
  }

  @Test
  @Attack(8)
  void aTokenInTheAddressIsNotSeen() {
    String token = cookie(signIn("alice", SECRET, "")).replace("anteroom=", "");

    for (String name : new String[] {"token", "access_token", "anteroom", "id_token", "jwt"}) {
      assertThat(house.get("/u/alice/x?" + name + "=" + token).status()).isEqualTo(401);
    }
  }

  @Test
  @Attack(22)
  void aStudentsPageReachesNoOtherPrefix() {
    String cookie = cookie(signIn("alice", SECRET, ""));

    Reply frame = house.get("/u/bob/", "Cookie", cookie, "Sec-Fetch-Dest", "iframe", "Accept", "text/html");

    assertThat(frame.status()).isEqualTo(403);
    assertThat(house.get("/u/bob/api/history", "Cookie", cookie, "Sec-Fetch-Site", "same-origin").status())
      .isEqualTo(403);
  }
}
