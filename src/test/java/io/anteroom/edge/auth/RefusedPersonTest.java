package io.anteroom.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person who opens an address and is refused reads a page; whatever else asks is told as ComfyUI would. */
class RefusedPersonTest {
  private static final String[] PERSON = {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"};
  private static final Pattern LINK = Pattern.compile("<[^<>]*\\s(?:href|src|action)=\"([^\"]*)\"");
  private static final String[] LINKS = {"/favicon.svg", "", "/", "?lang=zh"};
  private static final EdgeFixture HOUSE = new EdgeFixture();

  @AfterAll
  static void close() {
    HOUSE.close();
  }

  @Test
  void aPersonReadsWhatHappenedAndWhatToDoInTheirLanguage() {
    Reply page = HOUSE.get("/u/carol/", PERSON);

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.text()).contains("carol has no ComfyUI yet", "unknown_instance", "Try again",
      "Go to the start page");
    assertThat(inChinese("/u/carol/").text()).contains("carol 还没有可用的 ComfyUI", "unknown_instance", "重试", "返回首页");
    assertThat(page.header("Refresh")).isNull();
  }

  @Test
  void nobodyStoresFramesOrScriptsThePage() {
    Reply page = HOUSE.get("/u/carol/", PERSON);

    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("Vary")).isEqualToIgnoringCase("accept, sec-fetch-mode, sec-fetch-dest");
    assertThat(page.header("Content-Security-Policy"))
      .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'").doesNotContain("script");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
  }

  @Test
  void whatMayPassIsTriedAgainByItself() {
    Reply page = HOUSE.get("/u/bob/", PERSON);

    assertThat(page.status()).isEqualTo(502);
    assertThat(page.header("Refresh")).isEqualTo("15");
    assertThat(page.text()).contains("gpu-02", "every 15 seconds", "instance_down");
    assertThat(inChinese("/u/bob/").text()).contains("gpu-02", "每 15 秒", "instance_down");
  }

  @Test
  void whatAnInstanceAnswersIsPassedOnAsItIs() {
    HOUSE.comfy.answers("/gone", request -> request.response().setStatusCode(503).end("of its own"));

    Reply answer = HOUSE.get("/u/alice/gone", PERSON);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).isEqualTo("of its own");
    assertThat(answer.header("Refresh")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "Accept, */*", "Accept, application/json", "Sec-Fetch-Mode, cors", "Sec-Fetch-Mode, no-cors",
    "Sec-Fetch-Mode, same-origin", "X, y",
  })
  void aProgramIsToldAsEver(String header, String value) {
    Reply answer = HOUSE.get("/u/nobody/", header, value);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.header("Vary")).isNull();
    assertThat(answer.text()).isEqualTo("{\"error\":{\"type\":\"unknown_user\","
      + "\"message\":\"There is no user 'nobody' here; check the spelling, or ask your teacher.\","
      + "\"details\":\"\",\"extra_info\":{"
      + "\"message_en\":\"There is no user 'nobody' here; check the spelling, or ask your teacher.\","
      + "\"message_zh\":\"没有名为“nobody”的用户；请检查拼写，或询问老师。\"}},\"node_errors\":{}}");
  }

  /** A script may accept pages, but is none; a browser that says so opens one, whatever it accepts. */
  @Test
  void theModeDecidesWhereABrowserSaysIt() {
    assertThat(HOUSE.get("/u/nobody/", "Sec-Fetch-Mode", "cors", "Accept", "text/html").error())
      .isEqualTo("unknown_user");
    assertThat(HOUSE.get("/u/nobody/", "Sec-Fetch-Mode", "navigate").header("Content-Type")).startsWith("text/html");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "PUT", "DELETE"})
  void onlyWhoOpensAnAddressGetsAPage(String method) {
    Reply answer = HOUSE.ask(HttpMethod.valueOf(method), "/u/nobody/", Buffer.buffer(), PERSON);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
  }

  /** None of our pages may be framed. */
  @ParameterizedTest
  @ValueSource(strings = {"iframe", "frame", "object", "embed", "image", "empty"})
  void whatIsEmbeddedIsToldAsAProgramIs(String destination) {
    assertThat(HOUSE.get("/u/nobody/", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", destination).error())
      .isEqualTo("unknown_user");
    assertThat(HOUSE.get("/u/nobody/", "Accept", "text/html", "Sec-Fetch-Dest", destination).error())
      .isEqualTo("unknown_user");
  }

  @Test
  void aSocketIsNoPage() {
    assertThat(HOUSE.get("/u/nobody/ws", "Accept", "text/html", "Upgrade", "websocket").header("Content-Type"))
      .startsWith("application/json");
  }

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {
    "/<img/src=x/onerror=hit()>", "/\"><script>hit()</script>", "/'autofocus/onfocus='hit()",
    "/u/%3Cscript%3Ehit()%3C%2Fscript%3E/", "/u/%22%3E%3Csvg%20onload=hit()%3E/", "/x?<script>hit()</script>",
  })
  void whatSomebodyPutIntoTheAddressIsText(String address) {
    String page = HOUSE.get(address, PERSON).text();

    assertThat(page).startsWith("<!DOCTYPE html>").doesNotContainPattern("<(img|script|svg)");
    assertThat(Jsoup.parse(page).select("[autofocus], [onfocus], [onerror], [onload]")).isEmpty();
    assertThat(links(page)).containsExactly(LINKS);
  }

  /** A second slash, or a backslash, makes a host of what follows. */
  @Attack({19, 25})
  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/x", "///evil.example/x", "/\\evil.example/x", "//evil.example\\@lab/x",
    "/x?next=//evil.example/", "/%2F%2Fevil.example/", "http://evil.example/x", "/signin/../\\evil.example"})
  void thePageLeadsNowhereButHereAndToTheStart(String address) {
    Reply page = HOUSE.get(address, PERSON);

    assertThat(page.status()).isBetween(400, 404);
    assertThat(links(page.text())).containsExactly(LINKS);
    assertThat(page.header("Location")).isNull();
  }

  private static Reply inChinese(String address) {
    return HOUSE.get(address, PERSON[0], PERSON[1], "Accept-Language", "zh-CN");
  }

  private static List<String> links(String page) {
    return LINK.matcher(page).results().map(link -> link.group(1)).toList();
  }
}
