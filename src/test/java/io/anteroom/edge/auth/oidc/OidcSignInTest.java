package io.anteroom.edge.auth.oidc;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.server.SmallProvider.CLIENT;
import static io.anteroom.support.server.SmallProvider.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import io.anteroom.support.redis.MemorySignInStore;
import io.anteroom.support.server.SmallProvider;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at a provider, and what others make of it. */
class OidcSignInTest {
  private static final int SENT_ON = 303;
  private static final int WRONG = 401;

  private final Vertx vertx = Vertx.vertx();
  private final SmallProvider provider = new SmallProvider(vertx);
  private final SmallBrowser browser = new SmallBrowser();
  private EdgeFixture house;

  @BeforeEach
  void open() {
    house = house(Map.of("ANTEROOM_OIDC_CLIENT_SECRET", SECRET));
  }

  @AfterEach
  void close() {
    house.close();
    provider.close();
    done(vertx.close());
  }

  @Test
  void signInReturnsToTheWantedPage() {
    Seen back = browser.get(enter(begin(browser, "/u/alice/?a=1"), "alice"));

    assertThat(back.status()).isEqualTo(SENT_ON);
    assertThat(back.location()).isEqualTo("/u/alice/?a=1");
    assertThat(browser.get(house.origin() + "/u/alice/x").status()).isEqualTo(200);
    assertThat(browser.get(house.origin() + "/u/bob/x").status()).isEqualTo(403);
    assertThat(provider.askedWith()).startsWith("Basic ");
  }

  @Test
  void aClientWithoutASecretProvesItselfByItsVerifierAlone() {
    house.close();
    house = house(Map.of());

    assertThat(browser.get(enter(begin(browser, ""), "alice")).location()).isEqualTo("/u/alice/");
    assertThat(provider.askedWith()).isEqualTo("none");
  }

  @Test
  void theScopesAreAskedFor() {
    house.close();
    house = house(Map.of("ANTEROOM_OIDC_SCOPES", "openid,email"));

    assertThat(begin(browser, "").at().getQuery()).containsAnyOf("scope=openid+email", "scope=openid email");
  }

  @Test
  void aBrowserWithTwoTabsComesInByEach() {
    Seen one = begin(browser, "/u/alice/?tab=1");
    Seen two = begin(browser, "/u/alice/?tab=2");

    assertThat(browser.get(enter(one, "alice")).location()).isEqualTo("/u/alice/?tab=1");
    assertThat(browser.get(enter(two, "alice")).location()).isEqualTo("/u/alice/?tab=2");
  }

  @Test
  @Attack(25)
  void aLinkThatSomebodyElseLaidOutSignsNobodyIn() {
    SmallBrowser mallory = new SmallBrowser();
    String laidOut = enter(begin(mallory, ""), "mallory");

    assertThat(browser.get(laidOut).status()).isEqualTo(WRONG);
    begin(browser, "");
    assertThat(browser.get(laidOut).status()).as("also when he has an errand of his own").isEqualTo(WRONG);
    assertThat(browser.cookies(house.origin())).doesNotContainKey("anteroom");
  }

  @Test
  @Attack(25)
  void anAnswerIsTakenOnce() {
    String back = enter(begin(browser, ""), "alice");

    assertThat(browser.get(back).status()).isEqualTo(SENT_ON);
    assertThat(browser.get(back).status()).isEqualTo(WRONG);
    assertThat(browser.get(house.origin() + "/signin/oidc/callback?code=x").status()).isEqualTo(WRONG);
    assertThat(browser.get(house.origin() + "/signin/oidc/callback?code=x&state=&state=y").status()).isEqualTo(WRONG);
  }

  @Test
  @Attack(25)
  void aCodeThatWasStolenOnItsWayDoesNotFitAnotherErrand() {
    String stolen = URI.create(enter(begin(browser, ""), "alice")).getQuery().replaceAll(".*code=([^&]*).*", "$1");
    SmallBrowser mallory = new SmallBrowser();
    String own = enter(begin(mallory, ""), "mallory");

    Seen injected = mallory.get(own.replaceAll("code=[^&]*", "code=" + stolen));

    assertThat(injected.status()).isEqualTo(WRONG);
    assertThat(provider.given()).as("not even the provider takes the one's code for the other's errand").isZero();
    assertThat(mallory.cookies(house.origin())).doesNotContainKey("anteroom");
  }

  @Test
  @Attack(25)
  void aSignInThatWasLaidReadyBeforehandIsNotTheOneThatCounts() {
    browser.cookies(house.origin()).put("anteroom", "laid-ready");

    Seen back = browser.get(enter(begin(browser, ""), "alice"));

    assertThat(back.status()).isEqualTo(SENT_ON);
    assertThat(browser.cookies(house.origin()).get("anteroom")).isNotEqualTo("laid-ready");
    assertThat(house.get("/u/alice/x", "Cookie", "anteroom=laid-ready").status()).isEqualTo(WRONG);
  }

  @ParameterizedTest
  @Attack(25)
  @ValueSource(strings = {"//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/",
    "javascript:alert(1)", "/signin/oidc"})
  void nobodyIsLedAwayFromHere(String next) {
    assertThat(browser.get(enter(begin(browser, next), "alice")).location()).isEqualTo("/u/alice/");
  }

  static Stream<UnaryOperator<JsonObject>> lies() {
    return Stream.of(
      said -> said.put("nonce", "another"), said -> without(said, "nonce"),
      said -> said.put("iss", "https://evil.example"),
      said -> said.put("aud", "another"), said -> said.put("aud", new JsonArray().add(CLIENT).add("another")),
      said -> said.put("azp", "another"), said -> said.put("exp", said.getLong("iat") - 61),
      said -> without(said, "exp"), said -> said.putNull("exp"), said -> without(said, "iat"),
      said -> without(said, "sub"));
  }

  @ParameterizedTest
  @Attack({4, 5})
  @MethodSource("lies")
  void aTokenThatSaysSomethingElseSignsNobodyIn(UnaryOperator<JsonObject> lie) {
    provider.says(lie);

    assertThat(browser.get(enter(begin(browser, ""), "alice")).status()).isEqualTo(WRONG);
    assertThat(browser.cookies(house.origin())).doesNotContainKey("anteroom");
  }

  @Test
  @Attack({3, 36})
  void aTokenThatTheProviderDidNotSignSignsNobodyInAndRolesAreThoseOfTheFile() {
    provider.signsWith(TokenIssuer.rsa("provider"));
    assertThat(browser.get(enter(begin(browser, ""), "alice")).status()).isEqualTo(WRONG);

    provider.signsWith(provider.key());
    provider.says(said -> said.put("role", "teacher"));
    assertThat(browser.get(enter(begin(browser, ""), "alice")).status()).isEqualTo(SENT_ON);
    assertThat(browser.get(house.origin() + "/u/bob/x").status()).isEqualTo(403);
  }

  @Test
  void whatTheProviderSaysAgainstItIsShownAndNothingElse() {
    provider.turnsAwayWith("access_denied");
    assertThat(browser.get(enter(begin(browser, ""), "alice")).body()).contains("access_denied");

    provider.turnsAwayWith("<b>call 0900</b>");
    Seen refused = browser.get(enter(begin(browser, ""), "alice"));
    assertThat(refused.status()).isEqualTo(WRONG);
    assertThat(refused.body()).doesNotContain("0900");
  }

  @Test
  void whoseNameIsNoneIsToldSo() {
    assertThat(browser.get(enter(begin(browser, ""), "..%2Fbob")).status()).isEqualTo(403);
    assertThat(browser.get(enter(begin(browser, ""), "stranger")).status()).isEqualTo(403);
  }

  @Test
  void aProviderThatCallsItselfOtherwiseStopsTheStart() {
    provider.introducesItselfAs(said -> said.put("issuer", provider.issuer() + "/"));

    assertThatThrownBy(() -> house(Map.of())).hasMessageContaining("oidc.issuer").hasMessageContaining("calls itself");
  }

  @Test
  void anOpenLineToTheProviderStopsTheStart() {
    provider.introducesItselfAs(said -> said.put("token_endpoint", "http://school.example/token"));

    assertThatThrownBy(() -> house(Map.of())).hasMessageContaining("https");
  }

  private EdgeFixture house(Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(Map.of("ANTEROOM_AUTH_MODE", "oidc",
      "ANTEROOM_OIDC_ISSUER", provider.issuer(), "ANTEROOM_OIDC_CLIENT_ID", CLIENT));
    variables.putAll(more);
    return new EdgeFixture(variables, unused -> new AuthStores(new MemorySignInStore(Clock.systemUTC()), () -> {
      throw new IllegalStateException("nobody signs in by a password here");
    }));
  }

  /** The provider's page, as a browser gets there. */
  private Seen begin(SmallBrowser who, String next) {
    Seen sent = who.get(house.origin() + "/signin/oidc?next="
      + URLEncoder.encode(next, StandardCharsets.UTF_8));
    assertThat(sent.status()).isEqualTo(SENT_ON);
    return who.get(sent.location());
  }

  /** The address that the provider sends a browser back to, once somebody has entered there. */
  private String enter(Seen page, String user) {
    assertThat(page.status()).isEqualTo(200);
    return new SmallBrowser().get(provider.issuer() + "/entered?user=" + user + "&of=" + page.field("of")).location();
  }

  private static JsonObject without(JsonObject said, String claim) {
    said.remove(claim);
    return said;
  }
}
