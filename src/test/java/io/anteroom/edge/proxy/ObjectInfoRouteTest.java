package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectInfoRouteTest {
  private static final String INFO = "{\"Node\":\"" + "x".repeat(300_000) + "\"}";

  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/object_info", "/u/alice/api/object_info", "/u/alice//api/%6Fbject_info"})
  void nodeClassesComeAsTheInstanceSaysThem(String uri) {
    says(INFO);

    Reply answer = house.get(uri);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(INFO);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.header("Content-Encoding")).isNull();
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"gzip, deflate, br | true", "br;q=1, GZIP;q=0.5 | true", "gzip;q=0 | false",
    "gzip; q=0.0 | false", "br | false", "; | false", "'' | false"})
  void theyAreCompressedForABrowserThatWantsIt(String accepted, boolean compressed) throws IOException {
    says(INFO);

    Reply answer = house.get("/u/alice/api/object_info", "Accept-Encoding", accepted);

    assertThat("gzip".equals(answer.header("Content-Encoding"))).isEqualTo(compressed);
    assertThat(answer.header("Vary")).isEqualTo("accept-encoding");
    assertThat(compressed ? inflated(answer.body()) : answer.text()).isEqualTo(INFO);
  }

  @Test
  void aBrowserThatHasThemAlreadyIsToldSoUntilTheyChange() {
    says(INFO);
    String tag = house.get("/u/alice/api/object_info").header("ETag");

    Reply same = house.get("/u/alice/object_info", "If-None-Match", "\"x\", " + tag);
    says("{\"New\":{}}");
    Reply changed = house.get("/u/alice/object_info", "If-None-Match", tag);

    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).isEqualTo(tag);
    assertThat(same.body().length()).isZero();
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text()).isEqualTo("{\"New\":{}}");
  }

  @Test
  void nobodyIsGivenAnAnswerThatBeganBeforeHeAsked() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    house.comfy.answers("/object_info", held::add);
    Future<Reply> early = ask("/u/alice/api/object_info");
    until(() -> held.size() == 1);

    List<Future<Reply>> late = List.of(ask("/u/alice/api/object_info"), ask("/u/bobby/object_info"));
    until(() -> house.tally.read().get("edge_requests") == 3);
    json(held.poll(), "{\"before\":{}}");
    until(() -> held.size() == 1);
    json(held.poll(), "{\"after\":{}}");

    assertThat(done(early).text()).isEqualTo("{\"before\":{}}");
    assertThat(late).allSatisfy(answer -> assertThat(done(answer).text()).isEqualTo("{\"after\":{}}"));
    assertThat(house.comfy.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/object_info/KSampler", "/u/alice/object_info?x=1", "/u/alice/object_info/"})
  void otherQuestionsAboutNodesStreamThrough(String uri) {
    assertThat(house.get(uri).text()).isEqualTo(uri.substring("/u/alice".length()));
  }

  @Test
  void anAnswerThatIsNotComfyUisStreamsThroughAsItIs() {
    house.comfy.answers("/object_info", request -> request.response().setStatusCode(418)
      .putHeader("Content-Type", "text/plain").end("teapot"));

    Reply answer = house.get("/u/alice/object_info");

    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.text()).isEqualTo("teapot");
    assertThat(answer.header("ETag")).isNull();
  }

  @Test
  void anAnswerThatIsTooLargeStreamsThrough() {
    byte[] mebibyte = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    house.comfy.answers("/object_info", request -> {
      request.response().putHeader("Content-Type", "application/json").setChunked(true).write("{");
      IntStream.range(0, 33).forEach(i -> request.response().write(Buffer.buffer(mebibyte)));
      request.response().end("}");
    });

    Reply answer = house.get("/u/alice/object_info");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().length()).isEqualTo((33 << 20) + 2);
    assertThat(answer.header("ETag")).isNull();
  }

  @Test
  void anInstanceThatIsDownIsSaidToBeDown() {
    assertThat(house.get("/u/bob/api/object_info").error()).isEqualTo("instance_down");
  }

  private Future<Reply> ask(String uri) {
    HttpClientRequest request = house.request(HttpMethod.GET, uri);
    Future<Reply> reply = Reply.to(request);
    request.end();
    return reply;
  }

  private void says(String info) {
    house.comfy.answers("/object_info", request -> json(request, info));
  }

  private static void json(HttpServerRequest request, String text) {
    request.response().putHeader("Content-Type", "application/json; charset=utf-8").end(text);
  }

  private static String inflated(Buffer compressed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.getBytes()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
