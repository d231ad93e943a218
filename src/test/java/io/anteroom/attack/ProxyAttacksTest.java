package io.anteroom.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on whoever passes requests on: a second request in the first, another protocol, an answer that decides. */
class ProxyAttacksTest {
  private static final String SMUGGLED =
    "POST /u/alice/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

  private static final String FAREWELL = "GET /u/alice/end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  /** Each ends where one reading begins another request; what the instance read is what counts. */
  @Attack(27)
  @ParameterizedTest
  @ValueSource(strings = {
    "Content-Length: 4\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "Content-Length: 0, 5\r\n\r\n", "Content-Length: +0\r\n\r\n", "Content-Length: -1\r\n\r\n",
    "Content-Length: 0x0\r\n\r\n",
    "Transfer-Encoding: xchunked\r\n\r\n", "Transfer-Encoding: identity\r\n\r\n",
    "Transfer-Encoding:\u000bchunked\r\n\r\n",
    "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n2\r\n{}}}0\r\n\r\n",
  })
  void nothingIsReadOutOfARequestThatTwoServersWouldEndElsewhere(String rest) throws IOException {
    house.comfy.answers("/x", request -> request.body().onSuccess(body -> request.response().end()));

    String answer = RawClient.ask(house.settings.http().port(),
      "POST /u/alice/x HTTP/1.1\r\nHost: localhost\r\n" + rest + SMUGGLED + SMUGGLED);

    assertThat(answer).doesNotContain("HTTP/1.1 200 ");
    assertThat(house.comfy.asked()).extracting(SmallInstance.Asked::uri).doesNotContain("/smuggled");
  }

  @Attack(29)
  @ParameterizedTest
  @ValueSource(strings = {"h2c", "H2C ", "HTTP/2.0", "TLS/1.0", "websocket, h2c", "h2c, websocket", "foo"})
  void noOtherProtocolIsSpokenThanTheTwo(String protocol) throws IOException {
    String announced = protocol.length() % 2 == 0 ? "keep-alive" : "Upgrade, HTTP2-Settings";
    String answer = RawClient.ask(house.settings.http().port(), "GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\n"
      + "Connection: " + announced + "\r\nUpgrade: " + protocol + "\r\n"
      + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n" + FAREWELL);

    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(house.comfy.asked().get(0).headers()).extracting(header -> header.getKey().toLowerCase())
      .doesNotContain("upgrade", "http2-settings", "connection");
  }

  @Attack(29)
  @Test
  void whoeverBeginsWithAnotherProtocolIsHungUpOn() throws IOException {
    String answer = RawClient.ask(house.settings.http().port(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");

    assertThat(answer).doesNotContain("HTTP/1.1 1", "HTTP/1.1 2");
    assertThat(house.comfy.asked()).isEmpty();
  }

  /** What is ours speaks HTTP alone, and what is the instance's is asked of the instance, which says no. */
  @Attack(29)
  @ParameterizedTest
  @ValueSource(strings = {"/", "/u/alice/_anteroom/config.json", "/api/v1/comfy/queue?user=alice", "/prompt",
    "/u/alice/anteroom/guard", "/u/alice"})
  void noSocketIsOpenedWhereThereIsNone(String uri) {
    assertThatThrownBy(() -> house.tab(uri)).isInstanceOf(UpgradeRejectedException.class);
    assertThat(house.comfy.sockets()).isEmpty();
  }

  @Attack(31)
  @ParameterizedTest
  @ValueSource(strings = {"anteroom=x", "Anteroom_Session=x; Path=/", " anteroom=x", "=anteroom=x", "; anteroom=x",
    "__Host-anteroom=x; Secure; Path=/", "__secure-anteroom=x", "\tanteroom=x", "= anteroom=x", "==anteroom=x"})
  void noInstanceSetsACookieOfOurs(String cookie) {
    house.comfy.answers("/x", request -> {
      request.response().headers().add("Set-Cookie", "mine=1").add("Set-Cookie", cookie);
      request.response().end();
    });

    assertThat(house.get("/u/alice/x").headers().getAll("Set-Cookie"))
      .allMatch(seen -> seen.equals("mine=1") || seen.startsWith(";"));
  }

  @Attack(31)
  @ParameterizedTest
  @ValueSource(strings = {"//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/", "http://127.0.0.1:1/", "\t//evil.example", "/\t/evil.example", "javascript:alert(1)",
    "data:text/html,x", "../bob/", "x/../../bob/", "..%2fbob/", "%2e%2e/bob/", "http://127.0.0.1@evil.example/",
    "COMFY/../bob/", "COMFY/%2e%2e/bob", "/../bob/", "http:///evil.example", "http:/evil.example", "/.//evil",
    "http://evil.example:80:80/"})
  void noInstanceSendsABrowserElsewhere(String location) {
    house.comfy.answers("/a/x", request -> {
      request.response().setStatusCode(302).headers()
        .add("Location", location.replace("COMFY", house.comfy.url().toString()));
      request.response().end();
    });

    Reply answer = house.get("/u/alice/a/x");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isNull();
  }

  @Attack(31)
  @ParameterizedTest
  @CsvSource({
    "/view?a=/b#c, /u/alice/view?a=/b#c", "/, /u/alice/", "x?y=1, x?y=1", "?y=1, ?y=1", "#f, #f",
    "COMFY/view?a=1, /u/alice/view?a=1", "COMFY, /u/alice/", "COMFY//evil.example, /u/alice/evil.example",
  })
  void whatAnInstanceCallsItsRootIsBelowTheStudentsPrefix(String location, String seen) {
    house.comfy.answers("/a/x", request -> request.response().setStatusCode(302)
      .putHeader("Location", location.replace("COMFY", house.comfy.url().toString())).end());

    assertThat(house.get("/u/alice/a/x").header("Location")).isEqualTo(seen);
  }

  @Attack(31)
  @ParameterizedTest
  @ValueSource(strings = {"Clear-Site-Data", "Service-Worker-Allowed", "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials", "Access-Control-Allow-Private-Network", "Strict-Transport-Security", "Alt-Svc",
    "Refresh", "NEL", "Report-To", "Keep-Alive"})
  void noInstanceDecidesForEverybodyAtThisAddress(String name) {
    house.comfy.answers("/x", request -> request.response().putHeader(name, "*").end());

    assertThat(house.get("/u/alice/x").header(name)).isNull();
  }

  /** Of several policies each holds, so ours cannot be loosened by the page's; nor can it be asked away. */
  @Attack({26, 31})
  @Test
  void noPageIsFramedByAnotherSiteWhateverItSaysItself() {
    house.comfy.answers("/x", request -> request.response()
      .putHeader("Content-Security-Policy", "frame-ancestors *; script-src 'self'")
      .putHeader("Cross-Origin-Resource-Policy", "cross-origin").end());

    Reply answer = house.get("/u/alice/x");

    assertThat(answer.headers().getAll("Content-Security-Policy"))
      .containsExactly("frame-ancestors *; script-src 'self'", "frame-ancestors 'self'");
    assertThat(answer.headers().getAll("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
  }
}
