package io.anteroom.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks by a page of somebody else that is open in the student's browser, as browsers let it through. */
class BrowserAttacksTest {
  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  /** A form, and a fetch without permission to read the answer: both are sent without asking first. */
  @Attack(20)
  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, Origin, http://evil.example", "text/plain, Origin, http://evil.example",
    "multipart/form-data, Origin, null", "text/plain, Origin, null", "text/plain, Origin, http://127.0.0.1:1",
    "text/plain, Origin, https://127.0.0.1", "text/plain, Origin, ''", "text/plain, Origin, http://localhost",
    "text/plain, Sec-Fetch-Site, cross-site", "text/plain, Sec-Fetch-Site, same-site", "text/plain, Sec-Fetch-Site, x",
    "text/plain, Sec-Fetch-Site, ''",
  })
  void noPageElsewhereChangesAnything(String type, String header, String value) {
    for (String uri : List.of("/u/alice/prompt", "/u/alice/api/settings", "/u/alice/upload/image",
      "/api/v1/comfy/queue/execute?user=alice", "/u/alice/_anteroom/hello", "/u/alice/interrupt")) {
      Reply answer = house.post(uri, "{\"prompt\":{}}", "Content-Type", type, header, value);

      assertThat(answer.error()).as(uri).isEqualTo("foreign_origin");
    }
    assertThat(house.ask(HttpMethod.DELETE, "/api/v1/comfy/queue/6f1c0a52-0000-4000-8000-000000000001?user=alice",
      Buffer.buffer(), header, value).error()).isEqualTo("foreign_origin");
    assertThat(house.comfy.asked()).isEmpty();
  }

  /** Custom nodes restart and install things on GET: a picture in a page elsewhere is enough to ask for that. */
  @Attack(20)
  @ParameterizedTest
  @CsvSource({"no-cors, image", "no-cors, script", "navigate, iframe", "cors, empty", "navigate, object", "'', ''"})
  void noPageElsewhereAsksAnythingButFollowsLinks(String mode, String destination) {
    Reply answer = house.get("/u/alice/manager/reboot", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", mode,
      "Sec-Fetch-Dest", destination);

    assertThat(answer.error()).isEqualTo("foreign_origin");
    assertThat(house.comfy.asked()).isEmpty();
    assertThat(house.get("/u/alice/x", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest",
      "document").status()).isEqualTo(200);
    assertThat(house.get("/u/alice/x", "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", mode, "Sec-Fetch-Dest",
      destination).status()).isEqualTo(200);
  }

  @Attack(20)
  @Test
  void theStudentsOwnPageMayDoAllOfThat() {
    assertThat(house.post("/u/alice/api/settings", "{}", "Origin", house.origin(), "Sec-Fetch-Site", "same-origin")
      .status()).isEqualTo(200);
    assertThat(house.post("/u/alice/api/settings", "{}").status()).as("a program, no browser").isEqualTo(200);
  }

  @Attack(21)
  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "https://127.0.0.1",
    "x"})
  void noPageElsewhereOpensASocket(String origin) {
    for (String uri : List.of("/u/alice/ws", "/u/alice/api/ws?clientId=x", "/u/alice/node/ws", "/ws")) {
      assertThatThrownBy(() -> house.tab(uri, "Origin", origin, "Referer", house.origin() + "/u/alice/")).as(uri)
        .isInstanceOfSatisfying(UpgradeRejectedException.class,
          refused -> assertThat(refused.getStatus()).isEqualTo(403));
    }
    assertThat(house.comfy.sockets()).isEmpty();
  }

  @Attack(21)
  @Test
  void aSocketThatTheBrowserCallsForeignIsForeign() {
    assertThatThrownBy(() -> house.tab("/u/alice/ws", "Origin", house.origin(), "Sec-Fetch-Site", "cross-site",
      "Sec-Fetch-Mode", "websocket", "Sec-Fetch-Dest", "empty")).isInstanceOf(UpgradeRejectedException.class);
    house.tab("/u/alice/ws", "Origin", house.origin(), "Sec-Fetch-Site", "same-origin");
    assertThat(house.comfy.socket(0)).isNotNull();
  }

  /** It would answer in the browsers of a lab long after its student has gone. */
  @Attack(24)
  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/sw.js", "/u/alice/extensions/pack/sw.js", "/u/alice/_anteroom/boot.js", "/sw.js"})
  void nobodyLeavesAServiceWorkerBehind(String uri) {
    house.comfy.answers("/sw.js", request -> request.response().putHeader("Service-Worker-Allowed", "/").end("x"));

    Reply answer = house.get(uri, "Service-Worker", "script", "Sec-Fetch-Dest", "serviceworker", "Sec-Fetch-Site",
      "same-origin");

    assertThat(answer.error()).isEqualTo("foreign_origin");
    assertThat(house.comfy.asked()).isEmpty();
    assertThat(house.get("/u/alice/sw.js").header("Service-Worker-Allowed")).isNull();
  }

  @Attack(26)
  @ParameterizedTest
  @ValueSource(strings = {"/", "/u/nobody/", "/nothing", "/u/alice", "/u/alice/_anteroom/config.json", "/u/alice/../x",
    "/u/alice/_anteroom/boot.js", "/api/v1/comfy/queue"})
  void nothingOfOursIsShownInsideAnotherPage(String uri) {
    Reply answer = house.get(uri);

    assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Permissions-Policy")).contains("camera=()");
  }
}
