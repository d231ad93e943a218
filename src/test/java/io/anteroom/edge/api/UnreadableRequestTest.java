package io.anteroom.edge.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.http.Responses;
import io.anteroom.support.LogLines;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no HTTP client would send, but anybody can type. */
class UnreadableRequestTest {
  private static final int PATIENCE_MILLIS = 30_000;

  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @Attack(30)
  @ParameterizedTest
  @CsvSource({"a, 20000, 414, address_too_long", "' HTTP/1.1\r\nX: 1', 40000, 431, headers_too_large",
    "' HTTP/1.1\r\nX X: ', 1, 400, invalid_request"})
  void itIsRefusedInWordsAndTheConnectionEnds(String rest, int ones, int status, String type) throws IOException {
    String answer = said("GET /" + rest + "1".repeat(ones) + "\r\n\r\n");

    assertThat(answer).contains(" " + status + " ");
    assertThat(new JsonObject(answer.substring(answer.indexOf("\r\n\r\n"))).getJsonObject("error").getString("type"))
      .isEqualTo(type);
  }

  @Attack(27)
  @Test
  void aWorkflowInBrokenChunksIsNoErrorOfOurs() throws IOException {
    LogLines complaints = new LogLines(Responses.class);

    String answer =
      said("POST /u/alice/prompt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}");

    house.close();
    complaints.close();
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(complaints.errors()).isEmpty();
  }

  /** All that the server says until it hangs up. */
  private String said(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", house.settings.http().port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
