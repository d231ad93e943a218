package io.anteroom.comfy;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.comfy.InstanceProbe.NotComfyUi.What;
import io.anteroom.config.Settings.Instances;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.support.FreePorts;
import io.anteroom.support.LogLines;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.anteroom.support.server.TlsFront;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a probe makes of whatever stands at the address of an instance. */
class NotComfyUiTest {
  private static final String QUEUE = "{\"exec_info\": {\"queue_remaining\": 2}}";

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  @TempDir
  private Path folder;

  @AfterEach
  void close() {
    done(vertx.close());
  }

  static Stream<Arguments> answers() {
    return Stream.of(
      arguments("a sign-in page", answer(302, r -> r.putHeader("Location", "https://sso.example/login")), "302",
        "leads to https://sso.example/login"),
      arguments("another server", answer(404, r -> { }), "404", "answered 404"),
      arguments("one that wants a password", answer(401, r -> { }), "401", "answered 401"),
      arguments("a gateway before one that is down", answer(502, r -> { }), "502", "answered 502"),
      arguments("one that wants another protocol", answer(426, r -> { }), "426", "answered 426"),
      arguments("a web page", body("text/html; charset=utf-8", "<html>"), "text/html", "answered 200 text/html"),
      arguments("other JSON", body("application/json", "{}"), "application/json", "answered 200 application/json"),
      arguments("a list", body("application/json", "[]"), "application/json", "answered 200 application/json"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void whatAnswersOtherwiseIsForeignAndShowsWhatCame(
      String name, Consumer<HttpServerRequest> answer, String shown, String message) {
    comfy.answers("/prompt", answer::accept);

    Throwable failure = failure(comfy.url(), TlsTrust.USUAL);

    assertThat(NotComfyUi.of(failure)).isEqualTo(new NotComfyUi(What.FOREIGN, shown));
    assertThat(failure.getMessage()).contains(message);
  }

  @Test
  void whereNothingListensItIsSilent() {
    assertThat(NotComfyUi.of(failure(URI.create("http://127.0.0.1:" + FreePorts.next()), TlsTrust.USUAL)).what())
      .isEqualTo(What.SILENT);
  }

  @Test
  void whatSpeaksNoTlsIsForeign() {
    URI url = URI.create("https://127.0.0.1:" + comfy.url().getPort());

    assertThat(NotComfyUi.of(failure(url, TlsTrust.USUAL))).isEqualTo(new NotComfyUi(What.FOREIGN, "no TLS"));
  }

  @Test
  void aCertificateOfAnAuthorityThatIsNotNamedIsNotTrustedAndOneThatIsNamedIs() {
    TestAuthority lab = new TestAuthority("lab", folder);
    URI url = behind(lab.issue("gpu"));

    assertThat(NotComfyUi.of(failure(url, TlsTrust.USUAL)).what()).isEqualTo(What.UNTRUSTED);
    assertThat(NotComfyUi.of(failure(url, trust(new TestAuthority("other", folder)))).what()).isEqualTo(What.UNTRUSTED);
    assertThat(done(probe(url, trust(lab)))).isEqualTo(2);
  }

  @Test
  void aCertificateForAnotherNameOrAnotherTimeIsNotTrusted() {
    TestAuthority lab = new TestAuthority("lab", folder);

    assertThat(Stream.of(lab.issueForAnotherName("other"), lab.issueExpired("old"))
      .map(issued -> NotComfyUi.of(failure(behind(issued), trust(lab))).what())).containsOnly(What.UNTRUSTED);
  }

  /** Once it was an error in the log for each look, which named no instance. */
  @Test
  void anAnswerThatIsNotReadLeavesNoErrorInTheLog() {
    comfy.answers("/queue", request -> {
      request.response().setStatusCode(426).setChunked(true).write("Upgrade Required");
    });
    try (LogLines log = new LogLines("io.vertx.core.http.impl")) {
      Instance instance = new Instance("comfy", comfy.url(), "comfy", 1);
      Throwable failure = done(client(TlsTrust.USUAL).whereabouts(instance, TaskId.random())
        .<Throwable>map(seen -> null).otherwise(cause -> cause));
      done(vertx.timer(200));

      assertThat(failure).hasMessage("it answered 426");
      assertThat(log.all()).isEmpty();
    }
  }

  private URI behind(Issued shown) {
    comfy.answers("/prompt", request -> request.response().putHeader("Content-Type", "application/json").end(QUEUE));
    return new TlsFront(vertx, shown, comfy.url()).url();
  }

  private static TlsTrust trust(TestAuthority authority) {
    return new TlsTrust(Optional.of(authority.file()), Optional.empty());
  }

  private Throwable failure(URI url, TlsTrust trust) {
    return done(probe(url, trust).<Throwable>map(remaining -> null).otherwise(cause -> cause));
  }

  private Future<Integer> probe(URI url, TlsTrust trust) {
    return client(trust).remaining(new Instance("comfy", url, "comfy", 1));
  }

  private ComfyClient client(TlsTrust trust) {
    Duration second = Duration.ofSeconds(5);
    return new ComfyClient(vertx, new Instances(second, second, second, second, second, 8, trust, Optional.empty()),
      second);
  }

  private static Consumer<HttpServerRequest> answer(int status, Consumer<HttpServerResponse> more) {
    return request -> {
      more.accept(request.response().setStatusCode(status));
      request.response().end();
    };
  }

  private static Consumer<HttpServerRequest> body(String type, String text) {
    return request -> request.response().putHeader("Content-Type", type).end(text);
  }
}
