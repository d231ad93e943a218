package io.anteroom.edge.auth;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.directory.User;
import io.anteroom.edge.Reply;
import io.anteroom.edge.auth.password.OneTimeCode;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.identity.Identity;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People sign in by password or one-time code, and get what is their own. */
class SignInIT extends SignInScenarios {
  @Test
  void withoutASignInThereIsNothing() {
    assertThat(house.get("/u/alice/").status()).isEqualTo(401);
    assertThat(house.get("/u/alice/view?filename=a.png").error()).isEqualTo("sign_in_needed");
    assertThat(house.get("/api/v1/comfy/queue?user=alice").status()).isEqualTo(401);
    assertThat(house.post("/u/alice/prompt", "{}").status()).isEqualTo(401);
    assertThat(house.post("/u/alice/upload/image", "x").status()).isEqualTo(401);
    assertThatThrownBy(() -> house.tab("/u/alice/ws")).isInstanceOf(UpgradeRejectedException.class);
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().contains("a.png"));
  }

  @Test
  void whoOpensAPageIsLedToTheSignInAndBack() {
    Reply led = house.get("/u/alice/x?y=1", "Accept", "text/html,*/*");

    assertThat(led.status()).isEqualTo(303);
    assertThat(led.header("Location")).isEqualTo("/signin?next=%2Fu%2Falice%2Fx%3Fy%3D1");
    Reply page = house.get(led.header("Location"));
    assertThat(page.text()).contains("name=\"next\" value=\"/u/alice/x?y=1\"", "Name");
    assertThat(house.get(led.header("Location"), "Accept-Language", "zh").text()).contains("用户名");
    assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'", "default-src 'none'");
    assertThat(signIn("alice", SECRET, "/u/alice/x?y=1").header("Location")).isEqualTo("/u/alice/x?y=1");
  }

  @Test
  void whoSignsInHasHisOwnAndNothingElse() {
    String cookie = cookie(signIn("alice", SECRET, ""));

    assertThat(house.get("/u/alice/view?a", "Cookie", cookie).status()).isEqualTo(200);
    assertThat(house.get("/u/bob/view?a", "Cookie", cookie).error()).isEqualTo("not_yours");
    assertThat(house.get("/api/v1/comfy/proxy/bob/view?a", "Cookie", cookie).error()).isEqualTo("not_yours");
    assertThat(house.get("/api/v1/comfy/queue?user=bob", "Cookie", cookie).error()).isEqualTo("not_yours");
    assertThatThrownBy(() -> house.tab("/u/bob/ws", "Cookie", cookie))
      .isInstanceOf(UpgradeRejectedException.class);
    assertThat(house.post("/u/bob/prompt", "{}", "Cookie", cookie).error()).isEqualTo("not_yours");
  }

  /** The scripts of the page would have the teacher's own sign-in. */
  @Test
  void whereAllPagesHaveOneOriginATeacherLooksAtTasksAndNotAtPages() {
    Identity tina = new Identity("tina", "Tina", Set.of(), User.Role.TEACHER);
    String cookie = "anteroom=" + done(signIns.open("edge", tina, Duration.ofHours(1)));

    Reply page = house.get("/u/alice/view?looked", "Cookie", cookie);

    assertThat(page.error()).isEqualTo("only_looks");
    assertThat(page.text()).contains("isolation.by");
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().equals("/view?looked"));
    assertThat(house.get("/api/v1/comfy/queue?user=alice", "Cookie", cookie).error()).isEqualTo("queue_unavailable");
    assertThat(house.get("/api/v1/comfy/queue?user=tom", "Cookie", cookie).error()).isEqualTo("not_yours");
    assertThat(house.post("/api/v1/comfy/queue/execute?user=alice", "{}", "Cookie", cookie).error())
      .isEqualTo("only_looks");
  }

  @Test
  void theCookieIsOutOfReachForScriptsAndInstances() {
    Reply reply = signIn("alice", SECRET, "");
    house.get("/u/alice/seen", "Cookie", "theme=dark; " + cookie(reply));

    assertThat(reply.header("Set-Cookie")).contains("; HttpOnly", "; SameSite=Lax", "; Path=/")
      .doesNotContain("Domain");
    assertThat(house.comfy.lastAsked().header("Cookie")).isEqualTo("theme=dark");
  }

  @Test
  void namesAreReadWhateverTheirCase() {
    assertThat(signIn("Ａlice", SECRET, "").status()).isEqualTo(303);
  }

  @Test
  void aWrongPasswordAndAnUnknownNameAreRefusedAlike() {
    Reply wrong = signIn("alice", "wrong", "");
    Reply unknown = signIn("mallory", SECRET, "");

    assertThat(wrong.status()).isEqualTo(401);
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(wrong.text()).isEqualTo(unknown.text()).contains("Wrong user name, password or code");
    assertThat(house.post("/signin", fields("alice", "wrong", ""), "Content-Type", FORM, "Accept-Language", "zh")
      .text()).contains("用户名、密码或代码错误");
    assertThat(wrong.header("Set-Cookie")).isNull();
  }

  @Test
  void afterTenTriesEvenTheRightPasswordHasToWait() {
    for (int tries = 0; tries < 10; tries++) {
      assertThat(signIn("alice", "wrong", "").status()).isEqualTo(401);
    }

    assertThat(signIn("alice", SECRET, "").status()).isEqualTo(429);
    assertThat(signIn("bob", "wrong", "").status()).isEqualTo(401);
  }

  @Test
  void aCodeWorksOnceAndIsReplacedByAPassword() {
    Reply choose = signIn("bob", " " + CODE.toUpperCase().replace("-", " "), "");
    assertThat(choose.header("Set-Cookie")).isNull();
    assertThat(choose(errand(choose), "short").text()).contains("5 characters");
    Reply again = signIn("bob", CODE, "");

    Reply chosen = choose(errand(again), "my own password");

    assertThat(chosen.status()).isEqualTo(303);
    assertThat(house.get("/api/v1/comfy/queue?user=bob", "Cookie", cookie(chosen)).status()).isNotEqualTo(401);
    assertThat(choose(errand(choose), "somebody else's").status()).isEqualTo(401);
    assertThat(signIn("bob", CODE, "").status()).isEqualTo(401);
    assertThat(signIn("bob", "my own password", "").status()).isEqualTo(303);
  }

  @Test
  void aNewLineInTheFileIsANewStart() throws IOException {
    choose(errand(signIn("bob", CODE, "")), "forgotten soon");
    String second = OneTimeCode.random();

    write("alice:" + HASH, "bob:code:" + PasswordHash.of(OneTimeCode.plain(second)));

    assertThat(signIn("bob", "forgotten soon", "").status()).isEqualTo(401);
    assertThat(choose(errand(signIn("bob", second, "")), "a better one").status()).isEqualTo(303);
    write("alice:" + HASH, "bob:code:" + PasswordHash.of(OneTimeCode.plain(CODE)));
  }

  @Test
  void whoSignsOutIsOut() {
    String cookie = cookie(signIn("alice", SECRET, ""));
    house.get("/u/alice/x", "Cookie", cookie);

    Reply out = house.post("/signout", "shared=1", "Cookie", cookie, "Content-Type", FORM);

    assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
    assertThat(out.header("Clear-Site-Data")).contains("storage");
    assertThat(house.get("/u/alice/x", "Cookie", cookie).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json", "multipart/form-data; boundary=x"})
  void whatIsNoFormIsRefused(String type) {
    assertThat(house.post("/signin", fields("alice", SECRET, ""), "Content-Type", type).status()).isEqualTo(400);
  }
}
