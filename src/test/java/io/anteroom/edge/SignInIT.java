package io.anteroom.edge;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.edge.auth.OneTimeCode;
import io.anteroom.edge.auth.PasswordFile;
import io.anteroom.edge.auth.PasswordHash;
import io.anteroom.edge.auth.SignInStore;
import io.anteroom.queue.redis.RedisSignIns;
import io.anteroom.support.TestRedis;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People sign in by password or one-time code, and get what is their own. */
class SignInIT {
  private static final TestRedis REDIS = TestRedis.start();
  private static final String SECRET = "correct horse";
  private static final PasswordHash HASH = PasswordHash.of(SECRET);
  private static final String CODE = OneTimeCode.random();
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern ERRAND = Pattern.compile("name=\"errand\" value=\"([^\"]+)\"");
  @TempDir
  private static Path folder;
  private static EdgeHouse house;
  private static RedisSignIns signIns;
  private static volatile PasswordFile passwords;

  @BeforeAll
  static void open() throws IOException {
    Path file = folder.resolve("passwords");
    write("alice:" + HASH, "bob:code:" + PasswordHash.of(OneTimeCode.plain(CODE)));
    house = new EdgeHouse(Map.of("ANTEROOM_AUTH_MODE", "users", "ANTEROOM_USERS_PASSWORDS", file.toString()),
      vertx -> new SignInStore(signIns = REDIS.signIns(vertx), () -> passwords));
  }

  @AfterAll
  static void close() {
    house.close();
    REDIS.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    REDIS.flush();
  }

  private static void write(String... lines) throws IOException {
    passwords = PasswordFile.read(Files.writeString(folder.resolve("passwords"), String.join("\n", lines)));
  }

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
    assertThat(page.text()).contains("name=\"next\" value=\"/u/alice/x?y=1\"", "用户名");
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

  @Test
  void theCookieIsOutOfReachForScriptsAndInstances() {
    Reply reply = signIn("alice", SECRET, "");
    house.get("/u/alice/seen", "Cookie", "theme=dark; " + cookie(reply));

    assertThat(reply.header("Set-Cookie")).contains("; HttpOnly", "; SameSite=Lax", "; Path=/").doesNotContain("Domain");
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
    assertThat(wrong.text()).isEqualTo(unknown.text()).contains("do not belong together", "不匹配");
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
  @ValueSource(strings = {"//evil", "/\\evil", "https:evil", "https://evil/", "/ evil", "javascript:alert(1)", "/\n/evil",
    "\\\\evil", "/signout", "/signin/oidc"})
  @Attack(25)
  void nobodyIsLedAwayAfterSigningIn(String next) {
    assertThat(signIn("alice", SECRET, next).header("Location")).isEqualTo("/u/alice/");
    assertThat(house.get("/signin?next=" + encoded(next)).text()).contains("name=\"next\" value=\"\"");
  }

  @Test
  @Attack(23)
  void twoCookiesThatDifferProveNothing() {
    String alices = cookie(signIn("alice", SECRET, ""));

    assertThat(house.get("/u/alice/x", "Cookie", alices + "; anteroom=tossed").status()).isEqualTo(401);
    assertThat(house.get("/u/alice/x", "Cookie", "anteroom=tossed; " + alices).status()).isEqualTo(401);
    assertThat(house.get("/u/alice/x", "Cookie", alices + "; " + alices).status()).isEqualTo(200);
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

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json", "multipart/form-data; boundary=x"})
  void whatIsNoFormIsRefused(String type) {
    assertThat(house.post("/signin", fields("alice", SECRET, ""), "Content-Type", type).status()).isEqualTo(400);
  }

  private static Reply signIn(String name, String secret, String next) {
    return house.post("/signin", fields(name, secret, next), "Content-Type", FORM);
  }

  private static Reply choose(String errand, String password) {
    return house.post("/signin/choose", "errand=" + errand + "&next=&password=" + encoded(password),
      "Content-Type", FORM);
  }

  private static String fields(String name, String secret, String next) {
    return "name=" + encoded(name) + "&password=" + encoded(secret) + "&next=" + encoded(next);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String errand(Reply page) {
    Matcher matcher = ERRAND.matcher(page.text());
    assertThat(matcher.find()).as(page.text()).isTrue();
    return matcher.group(1);
  }

  private static String cookie(Reply reply) {
    assertThat(reply.header("Set-Cookie")).as(reply.text()).isNotNull();
    return reply.header("Set-Cookie").replaceFirst(";.*", "");
  }
}
