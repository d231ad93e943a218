package io.anteroom.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.server.SmallInstance;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks by the address: out of one's own part of it into somebody else's. */
class PathAttacksTest {
  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  /** Alice is at home; whatever leads elsewhere when somebody reads it once more must not leave the house. */
  @Attack(16)
  @ParameterizedTest
  @ValueSource(strings = {
    "/u/alice/../bob/", "/u/alice/x/../../bob/", "/u/alice/%2e%2e/bob/", "/u/alice/.%2E/bob/", "/u/alice/..%2fbob/",
    "/u/alice/%2e%2e%2fbob/", "/u/alice/..;/bob/", "/u/alice/..;x=y/bob/", "/u/alice/..%3bx/bob/",
    "/u/alice/%252e%252e/bob/", "/u/alice/%252e%252e%252fbob/", "/u/alice/..%255cbob/", "/u/alice/..\\bob/",
    "/u/alice/..%5cbob/", "/u/alice/%c0%ae%c0%ae/bob/", "/u/alice/%c0%af..%c0%afbob/", "/u/alice/%2e%2e/bob/%zz",
    "/u/alice/x%00/../bob", "/u/alice/%00", "/u/../u/alice/", "/./u/alice/x", "/u/alice/.", "/u/alice/..",
    "/u/alice%2f../alice/", "/u/alice/\u00ff", "/u/alice/%2E%2E;/bob",
  })
  void noAddressLeadsOutOfAStudentsOwnPart(String uri) throws IOException {
    String answer = RawClient.ask(house.settings.http().port(),
      "GET " + uri + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Attack(16)
  @ParameterizedTest
  @ValueSource(strings = {
    "/u/Alice/", "/u/ALICE/", "/u/%61lice%20/", "/u/alice%00/", "/u/\u0430lice/", "/u/%D0%B0lice/", "/u/alic%EF%BD%85/",
    "/u/alice;x/", "/u/alice./", "/u/alice%2Fx/", "/u/al%69ce%0d%0a/", "//u/alice/", "/U/alice/", "/u//alice/",
    "/u/%61lice%E2%80%8B/", "/u/a%CC%81lice/",
  })
  void aNameThatOnlyLooksLikeAStudentsIsNobodys(String uri) throws IOException {
    String answer = RawClient.ask(house.settings.http().port(),
      "GET " + uri + "x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*");
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Attack(16)
  @ParameterizedTest
  @ValueSource(strings = {"/%70rompt", "//prompt", "/api//prompt", "/api/%2Fprompt", "/api/%70%72%6f%6d%70%74",
    "/prompt?x"})
  void aRunIsARunHoweverItsAddressIsWritten(String inner) {
    assertThat(house.post("/u/alice" + inner, "{}").error()).isEqualTo("queue_unavailable");
    assertThat(house.comfy.asked()).isEmpty();
  }

  /** Bobby is at the same instance as alice, bob's is down. */
  @Attack(17)
  @Test
  void aNameThatBeginsLikeAnotherIsAnotherName() {
    assertThat(house.get("/u/bobby/x").text()).isEqualTo("/x");
    assertThat(house.get("/u/bob/by/x").error()).isEqualTo("instance_down");
    assertThat(house.get("/u/bob").header("Location")).isEqualTo("/u/bob/");
    assertThat(house.get("/u/bobb/x").error()).isEqualTo("unknown_user");
    assertThat(house.comfy.asked()).extracting(SmallInstance.Asked::uri).containsExactly("/x");
  }

  /** The address of a page that says it asks is a claim: what it leads to is judged as if it stood in the address. */
  @Attack(18)
  @ParameterizedTest
  @CsvSource({
    "/u/nobody/, 404", "/u/Alice/, 404", "/u/alice/../bob/, 404", "/u/%2e%2e/, 404", "/u/../, 404",
    "/u/alice%2f../, 404",
    "http://evil.example/u/alice/, 404", "http://127.0.0.1/u/alice/, 404", "/u/bob/, 502",
  })
  void aForgedPageLeadsNowhereThatItsAddressWouldNot(String page, int status) {
    String referer = page.startsWith("/") ? house.origin() + page : page;

    assertThat(house.post("/api/settings", "{}", "Referer", referer).status()).isEqualTo(status);
    Reply read = house.get("/api/settings", "Referer", referer);
    assertThat(read.status() == 307 ? house.get(read.header("Location")).status() : read.status()).isEqualTo(status);
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Attack(19)
  @ParameterizedTest
  @ValueSource(strings = {
    "GET http://evil.example/u/alice/x HTTP/1.1\r\nHost: localhost\r\n",
    "GET evil.example/u/alice/x HTTP/1.1\r\nHost: localhost\r\n",
    "CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: localhost, evil.example\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: localhost@evil.example\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: localhost/evil\r\n", "GET /u/alice/x HTTP/1.1\r\nHost:\r\n",
    "GET /u/alice/x HTTP/1.1\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\n : evil\r\n",
  })
  void aRequestThatNamesTwoPlacesIsForNone(String head) throws IOException {
    String answer = RawClient.ask(house.settings.http().port(), head + "Connection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(house.comfy.asked()).isEmpty();
  }
}
