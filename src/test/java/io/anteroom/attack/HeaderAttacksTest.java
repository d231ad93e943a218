package io.anteroom.attack;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.server.SmallInstance;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks by headers that a server in front of us, we, or an instance behind us would believe. */
class HeaderAttacksTest {
  private static final String FAREWELL = "GET /u/alice/end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @Attack(12)
  @ParameterizedTest
  @ValueSource(strings = {
    "Origin: http://localhost\r\nOrigin: http://evil.example",
    "origin: http://evil.example\r\nOrigin: http://localhost",
    "Origin: http://localhost, http://evil.example", "Origin: http://localhost.", "Origin: http://localhost\0",
    "Origin: http://localhost\u000b",
    "Origin: http://localhost\rX: 1", "Origin: http://evil.example\r\n http://localhost", "Origin : http://localhost",
    "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin\0cross-site",
    "Sec-Fetch-Site: same-origin.", "Referer: http://localhost/u/alice/\r\nReferer: http://localhost/u/bob/",
    "Authorization: Bearer a\r\nAuthorization: Bearer b", "X: a\0b", "X: a\u007fb",
    "X-Anteroom-Via: script\r\nX-Anteroom-Via: x",
  })
  void aHeaderThatCouldBeReadInTwoWaysIsRefused(String header) throws IOException {
    String answer = post(header);

    assertThat(answer).matches("(?s)HTTP/1.1 40[03] .*");
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Attack(12)
  @ParameterizedTest
  @ValueSource(strings = {"Origin: http://localhost ", "Origin:http://localhost", "Origin: \t http://LOCALHOST",
    "X: a\tb", "X: \u00e4"})
  void whatOnlyLooksUnusualIsTaken(String header) throws IOException {
    assertThat(post(header)).startsWith("HTTP/1.1 200 ");
  }

  /** ComfyUI takes the name in this header for the user's, and his files for hers. */
  @Attack(15)
  @ParameterizedTest
  @ValueSource(strings = {"Comfy-User", "comfy-user", "Comfy_User", "COMFY_USER", "X-Forwarded-User",
    "X_Forwarded_User",
    "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "X_Real_Ip", "Remote-User", "Remote_User",
    "X-Remote-User", "X-Original-URL", "X-Rewrite-Url", "X-HTTP-Method-Override", "X-Anteroom-Guard",
    "X_Anteroom_Guard",
    "Authorization", "Proxy-Authorization", "Origin"})
  void noInstanceHearsWhoABrowserSaysItIs(String name) {
    String value = name.equals("Origin") ? house.origin() : "bob";

    assertThat(house.get("/u/alice/x", name, value).status()).isEqualTo(200);
    house.tab("/u/alice/node/ws", name, value);
    house.tab("/u/alice/ws", name, value);

    SmallInstance.Asked asked = house.comfy.lastAsked();
    assertThat(asked.headers()).noneMatch(header -> header.getValue().equals(value));
    until(() -> house.comfy.sockets().size() == 2);
    assertThat(house.comfy.sockets())
      .allSatisfy(socket -> assertThat(socket.headers()).noneMatch(header -> header.getValue().equals(value)));
  }

  /** What is named there belongs to one connection and is left out: nobody may so leave out what we rely on. */
  @Attack(28)
  @Test
  void aHeaderOfTheConnectionTakesNothingAwayThatHolds() throws IOException {
    house.comfy.answers("/x", request -> request.response()
      .putHeader("Connection", "Content-Security-Policy, Cross-Origin-Resource-Policy, Content-Length, Set-Cookie")
      .putHeader("Set-Cookie", "anteroom=stolen").end("done"));

    String answer = RawClient.ask(house.settings.http().port(), "POST /u/alice/x HTTP/1.1\r\nHost: localhost\r\n"
      + "Origin: http://evil.example\r\nConnection: Origin, Host, Content-Length, Cookie, X-Forwarded-User\r\n"
      + "Content-Length: 2\r\n\r\n{}" + FAREWELL);
    String honest = RawClient.ask(house.settings.http().port(), "POST /u/alice/x HTTP/1.1\r\nHost: localhost\r\n"
      + "Connection: Host, Content-Length, Comfy-User, X-Forwarded-User\r\n"
      + "Comfy-User: bob\r\nX-Forwarded-User: bob\r\nCookie: anteroom=mine\r\nContent-Length: 2\r\n\r\n{}" + FAREWELL);

    assertThat(answer).startsWith("HTTP/1.1 403 ");
    assertThat(honest).startsWith("HTTP/1.1 200 ").contains("frame-ancestors 'self'", "same-origin")
      .doesNotContain("stolen");
    assertThat(house.comfy.asked()).filteredOn(asked -> asked.uri().equals("/x")).singleElement().satisfies(asked -> {
      assertThat(asked.header("Content-Length")).isEqualTo("2");
      assertThat(asked.headers()).noneMatch(header -> header.getValue().contains("bob"))
        .noneMatch(header -> header.getKey().equalsIgnoreCase("Cookie"));
    });
  }

  private String post(String header) throws IOException {
    return RawClient.ask(house.settings.http().port(), "POST /u/alice/x HTTP/1.1\r\nHost: localhost\r\n"
      + "Content-Length: 2\r\n" + header + "\r\nConnection: close\r\n\r\n{}");
  }
}
