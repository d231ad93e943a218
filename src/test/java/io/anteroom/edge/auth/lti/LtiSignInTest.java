package io.anteroom.edge.auth.lti;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.server.SmallPlatform.CLIENT;
import static io.anteroom.support.server.SmallPlatform.DEPLOYMENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.identity.Identity;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import io.anteroom.support.redis.MemorySignInStore;
import io.anteroom.support.server.SmallPlatform;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Launches from a platform, and what others make of them; two edges remember together, as two nodes do. */
class LtiSignInTest {
  private static final String CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
  private static final String VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/";
  private static final int SENT_ON = 303;
  private static final int WRONG = 401;

  private final Vertx vertx = Vertx.vertx();
  private final SmallPlatform platform = new SmallPlatform(vertx);
  private final MemorySignInStore signIns = new MemorySignInStore(Clock.systemUTC());
  private final SmallBrowser browser = new SmallBrowser();
  private EdgeFixture house;

  @BeforeEach
  void open() {
    house = house();
    platform.has(house.origin());
  }

  @AfterEach
  void close() {
    house.close();
    platform.close();
    done(vertx.close());
  }

  @Test
  void whoIsLaunchedComesInAtHisPage() {
    Seen back = launch(browser, form(browser, "alice"));

    assertThat(back.status()).isEqualTo(SENT_ON);
    assertThat(back.location()).isEqualTo("/u/alice/");
    assertThat(browser.get(house.origin() + "/u/alice/x").status()).isEqualTo(200);
    assertThat(browser.get(house.origin() + "/u/bob/x").status()).isEqualTo(403);
    assertThat(signedIn().groups()).contains("course-7b");
  }

  @Test
  void theBeginningMayComeAsAFormToo() {
    URI link = URI.create(platform.login("alice"));
    Map<String, String> fields = Map.of("iss", platform.issuer(), "login_hint", "alice", "lti_message_hint", "42",
      "target_link_uri", house.origin());

    Seen sent = browser.post(house.origin() + link.getPath(), fields, platform.issuer());

    assertThat(launch(browser, browser.get(sent.location())).status()).isEqualTo(SENT_ON);
  }

  @Test
  void theCookieOfAnErrandComesAlongWithAFormOfAnotherSite() {
    Seen sent = browser.get(platform.login("alice"));

    assertThat(sent.setCookies()).singleElement().asString()
      .contains("HttpOnly").contains("SameSite=None").contains("Secure").contains("Path=/signin/");
  }

  @Test
  @Attack(25)
  void aLaunchIsTakenOnceOverAllNodes() {
    try (EdgeFixture other = house()) {
      Seen form = form(browser, "alice");
      browser.cookies(other.origin()).putAll(browser.cookies(house.origin()));

      assertThat(launch(browser, form).status()).isEqualTo(SENT_ON);
      assertThat(launch(browser, form).status()).isEqualTo(WRONG);
      assertThat(browser.post(other.origin() + "/signin/lti/launch", form.fields(), platform.issuer()).status())
        .isEqualTo(WRONG);
    }
  }

  @Test
  @Attack(25)
  void aLaunchOfSomebodyElseSignsNobodyIn() {
    Seen laidOut = form(new SmallBrowser(), "mallory");
    assertThat(launch(browser, laidOut).status()).isEqualTo(WRONG);

    Seen own = form(browser, "alice");
    assertThat(launch(browser, laidOut).status()).as("also when he has an errand of his own").isEqualTo(WRONG);
    assertThat(browser.post(own.action().toString(),
      Map.of("state", own.field("state"), "id_token", laidOut.field("id_token")), platform.issuer()).status())
      .as("his own errand, somebody else's token").isEqualTo(WRONG);
    assertThat(browser.cookies(house.origin())).doesNotContainKey("anteroom");
  }

  @Test
  void noOtherFormOfAnotherSiteIsTaken() {
    assertThat(browser.post(house.origin() + "/signin", Map.of("name", "alice"), platform.issuer()).status())
      .isEqualTo(403);
    assertThat(browser.post(house.origin() + "/signout", Map.of(), platform.issuer()).status()).isEqualTo(403);
    assertThat(browser.post(house.origin() + "/signin/lti/launches", Map.of(), platform.issuer()).status())
      .isEqualTo(403);
  }

  @ParameterizedTest
  @Attack(25)
  @ValueSource(strings = {"https://evil.example//evil.example", "//evil.example", "https:evil", "javascript:alert(1)",
    "http://h/\\evil.example", "https://tool/signin/lti/launch", ""})
  void noTargetLeadsAwayFromHere(String target) {
    platform.says(said -> said.put(CLAIM + "target_link_uri", target));

    assertThat(launch(browser, form(browser, "alice")).location()).isEqualTo("/u/alice/");
  }

  static Stream<UnaryOperator<JsonObject>> lies() {
    return Stream.of(
      said -> said.put(CLAIM + "version", "1.1"), said -> without(said, CLAIM + "version"),
      said -> said.put(CLAIM + "message_type", "LtiDeepLinkingRequest"),
      said -> said.put(CLAIM + "deployment_id", "2"), said -> without(said, CLAIM + "deployment_id"),
      said -> said.put(CLAIM + "resource_link", new JsonObject()), said -> without(said, CLAIM + "resource_link"),
      said -> said.put("iat", said.getLong("iat") - 700), said -> without(said, "iat"),
      said -> said.put("iss", "https://evil.example"), said -> said.put("aud", "another"),
      said -> said.put("aud", new JsonArray().add(CLIENT).add("another")), said -> said.put("azp", "another"),
      said -> said.put("nonce", "another"), said -> said.put("exp", said.getLong("iat") - 61),
      said -> without(said, "exp"), said -> without(said, "sub"));
  }

  @ParameterizedTest
  @Attack({4, 5})
  @MethodSource("lies")
  void aLaunchThatSaysSomethingElseSignsNobodyIn(UnaryOperator<JsonObject> lie) {
    platform.says(lie);

    assertThat(launch(browser, form(browser, "alice")).status()).isEqualTo(WRONG);
    assertThat(browser.cookies(house.origin())).doesNotContainKey("anteroom");
  }

  @Test
  @Attack(3)
  void aLaunchThatThePlatformDidNotSignSignsNobodyIn() {
    platform.signsWith(TokenIssuer.rsa("platform"));

    assertThat(launch(browser, form(browser, "alice")).status()).isEqualTo(WRONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss=https%3A%2F%2Fevil.example", "client_id=another", "lti_deployment_id=2", "login_hint="})
  void aBeginningForSomebodyElseLeadsNowhere(String changed) {
    String name = changed.substring(0, changed.indexOf('='));

    Seen seen = browser.get(platform.login("alice").replaceAll("(?<=[?&])" + name + "=[^&]*", changed));

    assertThat(seen.status()).isEqualTo(WRONG);
    assertThat(seen.location()).isNull();
  }

  @Test
  @Attack(36)
  void whatTheFileOfUsersSaysIsNotChangedByALaunch() {
    platform.says(said -> said.put(CLAIM + "roles", new JsonArray().add(VOCABULARY + "membership#Instructor")));

    launch(browser, form(browser, "alice"));

    assertThat(signedIn().role().word()).isEqualTo("student");
    assertThat(browser.get(house.origin() + "/u/bob/x").status()).isEqualTo(403);
  }

  private Identity signedIn() {
    return done(signIns.find("edge", browser.cookies(house.origin()).get("anteroom"))).orElseThrow().identity();
  }

  /** The form by which the platform sends a browser back that clicked the tool's link. */
  private Seen form(SmallBrowser who, String user) {
    Seen sent = who.get(platform.login(user));
    assertThat(sent.status()).isEqualTo(SENT_ON);
    Seen form = who.get(sent.location());
    assertThat(form.status()).as(form.body()).isEqualTo(200);
    return form;
  }

  private Seen launch(SmallBrowser who, Seen form) {
    return who.post(form.action().toString(), form.fields(), platform.issuer());
  }

  private EdgeFixture house() {
    return new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "lti", "ANTEROOM_LTI_ISSUER", platform.issuer(),
      "ANTEROOM_LTI_CLIENT_ID", CLIENT, "ANTEROOM_LTI_DEPLOYMENTS", DEPLOYMENT,
      "ANTEROOM_LTI_LOGIN", platform.issuer() + "/auth", "ANTEROOM_LTI_KEYS", platform.issuer() + "/keys"),
      unused -> new AuthStores(signIns, () -> {
        throw new IllegalStateException("nobody signs in by a password here");
      }));
  }

  private static JsonObject without(JsonObject said, String claim) {
    said.remove(claim);
    return said;
  }
}
