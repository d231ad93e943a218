package io.anteroom.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.server.SmallInstance;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Request smuggling: bytes that one server reads as one request and another as two (RFC 9112 sections 2.2, 3, 5, 6 and
 * 7.1). No request of these keeps its connection open, and none says so itself: the edge must.
 */
@Attack(27)
class SmugglingAttacksTest {
  private static final String SMUGGLED = "GET /u/alice/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String FAREWELL = "GET /u/alice/end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked";
  private static final int RACES = 300;
  private static final int AT_A_TIME = 24;

  private final EdgeFixture house = new EdgeFixture();

  @BeforeEach
  void readWholeBodies() {
    house.comfy.answers("/x", request -> request.body().onSuccess(body -> request.response().end(body)));
  }

  @AfterEach
  void close() {
    house.close();
  }

  static Stream<Arguments> refused() {
    return Stream.of(requestLines(), lengths(), codings(), headers(), chunks(), trailers())
      .flatMap(rows -> rows);
  }

  private static Stream<Arguments> requestLines() {
    return Stream.of(
      arguments("blank before the method", " GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      arguments("two blanks", "GET  /u/alice/x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      arguments("tab for a blank", "GET\t/u/alice/x\tHTTP/1.1\r\nHost: localhost\r\n\r\n"),
      arguments("form feed for a blank", "GET\f/u/alice/x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      arguments("bare CR for a blank", "GET /u/alice/x\rHTTP/1.1\r\nHost: localhost\r\n\r\n"),
      arguments("blank at its end", "GET /u/alice/x HTTP/1.1 \r\nHost: localhost\r\n\r\n"),
      arguments("bare LF at its end", "GET /u/alice/x HTTP/1.1\nHost: localhost\r\n\r\n"),
      arguments("no version", "GET /u/alice/x\r\nHost: localhost\r\n\r\n"),
      arguments("unknown version", "GET /u/alice/x HTTP/1.2\r\nHost: localhost\r\n\r\n"),
      arguments("control bytes before it (CVE-2026-50020)",
        "\0\u0007GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }

  private static Stream<Arguments> lengths() {
    return Stream.of(
      arguments("two lengths", post("Content-Length: 4\r\nContent-Length: 5", "0\r\n\r\n")),
      arguments("one length twice", post("Content-Length: 5\r\nContent-Length: 5", "0\r\n\r\n")),
      arguments("list of lengths", post("Content-Length: 5, 5", "0\r\n\r\n")),
      arguments("folded length", post("Content-Length:\r\n 5", "0\r\n\r\n")),
      arguments("length with a sign", post("Content-Length: +5", "0\r\n\r\n")),
      arguments("negative length", post("Content-Length: -5", "0\r\n\r\n")),
      arguments("length in hexadecimal", post("Content-Length: 0x5", "0\r\n\r\n")),
      arguments("length with a blank inside", post("Content-Length: 1 5", "0\r\n\r\n")),
      arguments("length with an underscore", post("Content_Length: 5", "")),
      arguments("body of a WebSocket draft", "GET /u/alice/x HTTP/1.1\r\nHost: localhost\r\n"
        + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n"));
  }

  private static Stream<Arguments> codings() {
    return Stream.of(
      arguments("length before a coding", post("Content-Length: 5\r\n" + CHUNKED, "0\r\n\r\n")),
      arguments("length after a coding", post(CHUNKED + "\r\nContent-Length: 5", "0\r\n\r\n")),
      arguments("length 0 beside a coding", post("Content-Length: 0\r\n" + CHUNKED, "0\r\n\r\n")),
      arguments("unknown last (CVE-2026-89044)", post("Transfer-Encoding: chunked, xchunked", "0\r\n\r\n")),
      arguments("unknown alone", post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
      arguments("chunked twice", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
      arguments("chunked on two lines", post(CHUNKED + "\r\n" + CHUNKED, "0\r\n\r\n")),
      arguments("identity last", post("Transfer-Encoding: chunked,\r\n identity", "0\r\n\r\n")),
      arguments("gzip first", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
      arguments("folded", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")),
      arguments("in quotes", post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n")),
      arguments("with a parameter", post("Transfer-Encoding: chunked;q=1", "0\r\n\r\n")),
      arguments("with a comma", post("Transfer-Encoding: chunked,", "0\r\n\r\n")),
      arguments("with a hard space, and a length",
        post("Transfer-Encoding: chunked\u00a0\r\nContent-Length: 5", "0\r\n\r\n")),
      arguments("after a vertical tab", post("Transfer-Encoding:\u000bchunked", "0\r\n\r\n")),
      arguments("with an underscore", post("Transfer_Encoding: chunked", "")),
      arguments("empty", post("Transfer-Encoding:", "0\r\n\r\n")),
      arguments("in HTTP/1.0", post(CHUNKED, "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0")));
  }

  private static Stream<Arguments> headers() {
    return Stream.of(
      arguments("no name", post(": x", "")),
      arguments("no name, length as value", post(":Content-Length: 5", "")),
      arguments("blank before the colon", post("X : x", "")),
      arguments("blank before the first name", "GET /u/alice/x HTTP/1.1\r\n Host: localhost\r\n\r\n"),
      arguments("no colon", post("X", "")),
      arguments("bare CR in a value", post("X: a\rContent-Length: 5", "")),
      arguments("bare LF", post("X: a\nContent-Length: 5", "")),
      arguments("NUL in a value", post("X: a\0b", "")),
      arguments("hop-by-hop with an underscore", post("Keep_Alive: 5", "")),
      arguments("Upgrade-like with an underscore", post("Proxy_Connection: close", "")));
  }

  private static Stream<Arguments> chunks() {
    return Stream.of(
      arguments("quoted CRLF in an extension (CVE-2026-33870)",
        chunked("1;a=\"\r\nX\r\n0\r\n\r\n" + SMUGGLED + "\"\r\nY\r\n0\r\n\r\n")),
      arguments("bare LF in an extension (CVE-2025-58056)", chunked("1;\nX\r\n0\r\n\r\n")),
      arguments("bare LF after the size", chunked("1\nX\r\n0\r\n\r\n")),
      arguments("bare CR in the line", chunked("1;a\rb\r\nX\r\n0\r\n\r\n")),
      arguments("blank before the size", chunked(" 1\r\nX\r\n0\r\n\r\n")),
      arguments("blank after the size", chunked("1 \r\nX\r\n0\r\n\r\n")),
      arguments("tab after the size", chunked("1\t\r\nX\r\n0\r\n\r\n")),
      arguments("blank before an extension", chunked("1 ;a=b\r\nX\r\n0\r\n\r\n")),
      arguments("blank in an extension", chunked("1;a b\r\nX\r\n0\r\n\r\n")),
      arguments("bare semicolon", chunked("1;\r\nX\r\n0\r\n\r\n")),
      arguments("bare semicolon at the last", chunked("0;\r\n\r\n")),
      arguments("two semicolons", chunked("1;;a=b\r\nX\r\n0\r\n\r\n")),
      arguments("extension without a value", chunked("1;a=\r\nX\r\n0\r\n\r\n")),
      arguments("extension without a name", chunked("1;=b\r\nX\r\n0\r\n\r\n")),
      arguments("extension that is no token", chunked("1;a\"b\r\nX\r\n0\r\n\r\n")),
      arguments("quote that does not end", chunked("1;a=\"b\r\nX\r\n0\r\n\r\n")),
      arguments("size in a notation", chunked("0x1\r\nX\r\n0\r\n\r\n")),
      arguments("size with a sign", chunked("+1\r\nX\r\n0\r\n\r\n")),
      arguments("negative size", chunked("-1\r\nX\r\n0\r\n\r\n")),
      arguments("size with an underscore", chunked("1_0\r\nX\r\n0\r\n\r\n")),
      arguments("no size", chunked("\r\nX\r\n0\r\n\r\n")),
      arguments("size of 2^32", chunked("100000000\r\nX\r\n0\r\n\r\n")),
      arguments("size of 2^64", chunked("10000000000000000\r\nX\r\n0\r\n\r\n")),
      arguments("longer than its size", chunked("1\r\nXX0\r\n\r\n")),
      arguments("bare LF after a chunk", chunked("1\r\nX\n0\r\n\r\n")),
      arguments("wrong in the second line", chunked("1\r\nX\r\n1 \r\nX\r\n0\r\n\r\n")),
      arguments("wrong in the last line", chunked("1\r\nX\r\n0 ;a\r\n\r\n")));
  }

  private static Stream<Arguments> trailers() {
    return Stream.of(
      arguments("trailer without a name", chunked("0\r\n: x\r\n\r\n")),
      arguments("trailer without a colon", chunked("0\r\nX\r\n\r\n")),
      arguments("trailer with a blank in its name", chunked("0\r\nX y: z\r\n\r\n")),
      arguments("trailer that ends with a bare LF", chunked("0\r\nX: y\n\r\n")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void nothingBehindItRunsAndTheConnectionEnds(String what, String request) throws IOException {
    String answer = RawClient.ask(house.settings.http().port(), request + SMUGGLED + SMUGGLED);

    assertThat(answer).doesNotContain("HTTP/1.1 2").doesNotContain("HTTP/1.0 2");
    assertThat(smuggled()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\0\u0007\u000b", "\u0007", " ", "\t", "\r\n\0", "\u007f", "\u00ff"})
  void nothingRunsBehindBytesThatStandBetweenTwoRequests(String between) throws IOException {
    String answer = RawClient.ask(house.settings.http().port(), chunked("1\r\nX\r\n0\r\n\r\n") + between + SMUGGLED);

    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(smuggled()).isZero();
  }

  /** The last two letters of each are what the instance reads. */
  @ParameterizedTest
  @ValueSource(strings = {"2\r\nXY\r\n0\r\n\r\n", "1\r\nX\r\n1\r\nY\r\n0\r\n\r\n", "0002\r\nXY\r\n000\r\n\r\n",
    "2;a\r\nXY\r\n0\r\n\r\n", "2;a=b;c=\"d\\\" ;=\"\r\nXY\r\n0;e\r\n\r\n", "2\r\nXY\r\n0\r\nX-Sum: 1\r\n\r\n"})
  void aRequestInChunksIsServedAndSoIsTheNext(String body) throws IOException {
    String answer = RawClient.ask(house.settings.http().port(), chunked(body) + "\r\n" + FAREWELL);

    assertThat(answer).contains("XY", "/end");
    assertThat(answer.split("HTTP/1.1 200 ", -1)).hasSize(3);
  }

  /** Byte by byte, so that each part of a chunk arrives in a read of its own. */
  @Test
  void aRequestInChunksIsServedHoweverItArrives() throws IOException {
    try (RawClient client = new RawClient(house.settings.http().port())) {
      for (char letter : (chunked("2;a=b\r\nXY\r\nb\r\n0123456789a\r\n0\r\n\r\n") + FAREWELL).toCharArray()) {
        client.say(String.valueOf(letter));
      }

      assertThat(client.rest()).contains("XY0123456789a", "/end");
    }
  }

  /** Where the requests before it are answered late, all of them have been decoded when the first is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"", "GET /u/alice/late HTTP/1.1\r\nHost: localhost\r\n\r\n"})
  void aRequestBehindARefusedOneNeverRuns(String before) throws Exception {
    house.comfy.answers("/late", request -> house.vertx.setTimer(20, late -> request.response().end()));
    String bytes = before + post("Host: other\r\nContent-Length: 4", "abcd") + SMUGGLED + SMUGGLED;
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);

    List<Future<String>> answers = threads.invokeAll(Collections.nCopies(RACES, () -> {
      try (RawClient client = new RawClient(house.settings.http().port())) {
        return client.say(bytes).rest();
      }
    }));
    threads.shutdown();

    for (Future<String> answer : answers) {
      assertThat(answer.get()).contains("HTTP/1.1 400 ");
    }
    assertThat(smuggled()).isZero();
  }

  private long smuggled() {
    return house.comfy.asked().stream().map(SmallInstance.Asked::uri).filter("/smuggled"::equals).count();
  }

  private static String chunked(String body) {
    return post(CHUNKED, body);
  }

  private static String post(String headers, String body) {
    return "POST /u/alice/x HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + body;
  }
}
