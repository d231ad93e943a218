package io.anteroom.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which language a browser gets a page, and the headers of all pages. */
class PageLanguageTest {
  private static final String NO_COOKIE = "other=x";
  private static final EdgeFixture HOUSE = new EdgeFixture();

  @AfterAll
  static void close() {
    HOUSE.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "/              | en-GB,zh;q=0.5    | en", "/              | zh-TW,en;q=0.9   | zh-CN",
    "/              | de, zh;q=0.8      | zh-CN", "/            | de               | en",
    "/u/carol/      | zh                | zh-CN", "/u/carol/    | en               | en",
    "/?lang=zh      | en                | zh-CN", "/?lang=en    | zh               | en",
    "/u/carol/?lang=zh | en             | zh-CN", "/?a=b&lang=zh&c | en            | zh-CN",
    "/?lang=fr      | zh                | zh-CN", "/?lang=      | zh               | zh-CN",
    "/?lang=ZH      | en                | en", "/?lang=%7Ah    | en               | en",
    "/?lang=zh&lang=en | en             | en", "/?language=zh  | en               | en",
    "/?lang=%zz     | en                | en", "/?xlang=zh     | en               | en",
    "/?lang=zh%0d%0aX:%20y | en         | en"})
  void theLinkDecidesThenWhatTheBrowserPrefers(String address, String accepted, String tag) {
    assertThat(language(page(address, accepted, NO_COOKIE))).isEqualTo(tag);
  }

  @ParameterizedTest
  @CsvSource({"/, zh, en, zh-CN", "/, en, zh, en", "/u/carol/, zh, en, zh-CN", "/?lang=en, zh, zh, en",
    "/?lang=fr, zh, en, zh-CN", "/, fr, zh, zh-CN", "/, '', zh, zh-CN", "/, zh2, en, en"})
  void theCookieDecidesUnlessTheLinkDoes(String address, String cookie, String accepted, String tag) {
    assertThat(language(page(address, accepted, "a=b; anteroom-lang=" + cookie))).isEqualTo(tag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?lang=zh", "/u/carol/?lang=zh"})
  void theChoiceIsKeptOutOfReachForScriptsAndInstances(String address) {
    Reply page = page(address, "en", NO_COOKIE);

    assertThat(page.header("Set-Cookie").split("; ")).contains("anteroom-lang=zh", "Path=/", "HttpOnly", "SameSite=Lax")
      .noneMatch(part -> part.startsWith("Domain"));
    HOUSE.get("/u/alice/seen", "Cookie", "theme=dark; anteroom-lang=zh");
    assertThat(HOUSE.comfy.lastAsked().header("Cookie")).isEqualTo("theme=dark");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/u/carol/", "/?lang=fr", "/?lang=", "/?lang=zh&lang=en", "/?lang=zh%0d%0aX:%20y"})
  void nothingElseIsKept(String address) {
    assertThat(page(address, "en", "anteroom-lang=fr").header("Set-Cookie")).isNull();
  }

  @Test
  void aProgramIsAnsweredAsEver() {
    Reply answer = HOUSE.get("/u/carol/?lang=zh", "Cookie", "anteroom-lang=zh", "Accept-Language", "en");

    assertThat(answer.json().getJsonObject("error").getString("message")).startsWith("carol has no ComfyUI");
    assertThat(answer.header("Set-Cookie")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/u/carol/"})
  void cachesKnowWhatTheLanguageDependsOn(String address) {
    Reply page = page(address, "en", NO_COOKIE);

    assertThat(String.join(", ", page.headers().getAll("Vary"))).contains("Accept-Language", "Cookie");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void onlyOurStyleAppliesAndNoScript() throws NoSuchAlgorithmException {
    Reply page = page("/", "en", NO_COOKIE);
    String style = Jsoup.parse(page.text()).selectFirst("style").data();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));

    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'",
      "style-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "';").doesNotContain("unsafe", "script");
  }

  @ParameterizedTest
  @CsvSource({"GET, ''", "GET, /u/alice/", "HEAD, ''"})
  void theIconIsOursAndMayBeCached(HttpMethod method, String referer) {
    Reply icon = HOUSE.ask(method, HtmlPages.FAVICON, Buffer.buffer(), "Referer",
      referer.isEmpty() ? "" : HOUSE.origin() + referer);

    assertThat(icon.status()).isEqualTo(200);
    assertThat(icon.header("Content-Type")).isEqualTo("image/svg+xml");
    assertThat(icon.header("Cache-Control")).isEqualTo("public, max-age=86400");
    assertThat(icon.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(icon.text().startsWith("<svg ")).isEqualTo(method == HttpMethod.GET);
  }

  private static Reply page(String address, String accepted, String cookie) {
    return HOUSE.get(address, "Accept", "text/html", "Accept-Language", accepted, "Cookie", cookie);
  }

  private static String language(Reply page) {
    return Jsoup.parse(page.text()).selectFirst("html").attr("lang");
  }
}
