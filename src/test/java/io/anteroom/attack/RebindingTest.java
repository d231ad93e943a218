package io.anteroom.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings.Front;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.redis.SharedSignInStore;
import io.anteroom.support.server.SmallInstance;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attack 20 once more, by a page whose own name points to this machine: its browser takes us for its site, and nothing
 * that it asks for looks foreign but the name.
 */
class RebindingTest {
  private static final String WRONG_ADDRESS = "HTTP/1.1 421 ";

  private EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @Attack(20)
  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:%d", "localhost.evil.example:%d", "127.0.0.1.evil.example:%d",
    "evil-127.0.0.1:%d", "xlocalhost", "10.0.0.7:%d", "0.0.0.0:%d", "127.0.0.256", "[fe80::1]:%d"})
  void aPageWhoseNamePointsHereReachesNothing(String name) throws IOException {
    for (String uri : List.of("/u/alice/x", "/", "/u/alice", "/u/alice/_anteroom/config.json", "/prompt",
      "/api/v1/comfy/queue?user=alice", "/api/v1/comfy/queue/events?user=alice")) {
      assertThat(ask("GET", uri, name)).as(uri).startsWith(WRONG_ADDRESS).contains("\"wrong_address\"", "message_zh");
    }
    assertThat(ask("POST", "/u/alice/prompt", name)).startsWith(WRONG_ADDRESS);
    assertThat(ask("POST", "/u/alice/settings", name)).startsWith(WRONG_ADDRESS);
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Attack(20)
  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/ws", "/u/alice/custom", "/ws"})
  void norOpensItASocket(String uri) throws IOException {
    assertThat(handshake(uri, "evil.example:%d")).startsWith(WRONG_ADDRESS);
    assertThat(house.comfy.sockets()).isEmpty();
  }

  @Attack(20)
  @Test
  void whatHasNoNameHasAWrongOne() throws IOException {
    assertThat(RawClient.ask(house.settings.http().port(), "GET /u/alice/x HTTP/1.0\r\n\r\n"))
      .contains(" 421 ", "\"wrong_address\"");
    assertThat(RawClient.ask(house.settings.http().port(), "GET /u/alice/x HTTP/1.1\r\nHost: localhost:99999\r\n\r\n"))
      .contains(" 400 ");
    assertThat(house.comfy.asked()).isEmpty();
  }

  /** Also where somebody forwards a port of his own to this machine. */
  @ParameterizedTest
  @ValueSource(strings = {"localhost:%d", "localhost:9000", "LOCALHOST", "alice.localhost:%d", "127.0.0.1:%d",
    "127.1.2.3", "[::1]:%d"})
  void thisMachineIsServedByAllNamesThatItHas(String name) throws IOException {
    assertThat(ask("GET", "/u/alice/x", name)).startsWith("HTTP/1.1 200 ");
    assertThat(ask("POST", "/u/alice/settings", name)).startsWith("HTTP/1.1 200 ");
    assertThat(handshake("/u/alice/custom", name)).startsWith("HTTP/1.1 101 ");
    assertThat(house.comfy.asked()).extracting(SmallInstance.Asked::uri).contains("/x", "/settings");
  }

  @Test
  void thePublicNameIsOursAndIsTheOneToOpen() throws IOException {
    house.close();
    house = new EdgeFixture(new Front(Optional.of(URI.create("https://comfy.school.example")), List.of()));

    assertThat(ask("GET", "/u/alice/x", "comfy.school.example")).startsWith("HTTP/1.1 200 ");
    assertThat(ask("GET", "/u/alice/x", "Comfy.School.Example:443")).startsWith("HTTP/1.1 200 ");
    assertThat(ask("GET", "/u/alice/x", "school.example"))
      .startsWith(WRONG_ADDRESS).contains("open https://comfy.school.example;");
  }

  @Test
  void whoComesByAWrongNameIsToldTheRightOne() throws IOException {
    assertThat(ask("GET", "/u/alice/", "lab-7.school.example")).startsWith(WRONG_ADDRESS)
      .contains("'lab-7.school.example' (DNS rebinding): open http://localhost:%d;"
        .formatted(house.settings.http().port()));
  }

  /** The cookie of whoever has signed in does not go to the other name. */
  @Test
  void whereOneSignsInAnyNameLeadsToTheSignIn() throws IOException {
    house.close();
    house = new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "jwt", "ANTEROOM_JWT_SECRET", "x".repeat(32),
      "ANTEROOM_JWT_ISSUER", "https://school.example", "ANTEROOM_JWT_AUDIENCE", "anteroom"),
      SharedSignInStore::unasked);

    assertThat(ask("GET", "/u/alice/x", "lab")).startsWith("HTTP/1.1 401 ");
  }

  /** What a page under this name would be answered; its port stands for {@code %d}. */
  private String ask(String method, String uri, String name) throws IOException {
    return RawClient.ask(house.settings.http().port(),
      head(method, uri, name) + "Content-Length: 0\r\nConnection: close\r\n\r\n");
  }

  /** The head of the answer to a socket's handshake. */
  private String handshake(String uri, String name) throws IOException {
    try (RawClient client = new RawClient(house.settings.http().port())) {
      return client.say(head("GET", uri, name) + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").head();
    }
  }

  private String head(String method, String uri, String name) {
    String host = name.formatted(house.settings.http().port());
    return "%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nSec-Fetch-Site: same-origin\r\n"
      .formatted(method, uri, host, host);
  }
}
