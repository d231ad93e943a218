package io.anteroom.injection;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.bus.PageServices.Page;
import io.anteroom.http.WebAssets;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verticle on a real bus before a real instance; numbers are those of the study's list of cases. */
class InjectionVerticleTest {
  private static final String PAGE = "<!doctype html><html><head><title>图像</title></head><body></body></html>";
  private static final String TAG = "<script src=\"_anteroom/%s\" data-anteroom=\"1\"></script>"
    .formatted(new WebAssets().bootName());

  private final InjectionFixture lab = new InjectionFixture();

  @BeforeEach
  void instanceHasItsPage() {
    lab.instanceAnswers(html(PAGE));
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void case1PageGetsOurScriptAndNothingElseChanges() {
    lab.deploy(true);

    Page page = lab.ask("/");

    assertThat(page.injected()).isTrue();
    assertThat(page.body().toString()).isEqualTo(PAGE.replace("<head>", "<head>" + TAG));
    assertThat(page.headers()).containsEntry("cache-control", "no-store")
      .containsEntry("content-length", String.valueOf(page.body().length()))
      .hasSize(3);
    assertThat(lab.figure("injection_done")).isEqualTo(1);
  }

  @Test
  void case2PageThatComesInSplinters() {
    lab.instanceAnswers(response -> {
      response.putHeader("Content-Type", "text/html").setChunked(true);
      for (byte one : PAGE.getBytes()) {
        response.write(Buffer.buffer().appendByte(one));
      }
      response.end();
    });
    lab.deploy(true);

    assertThat(lab.ask("/").body().toString()).contains("<head>" + TAG + "<title>图像</title>");
  }

  @Test
  void case10CompressedPageIsInflated() {
    lab.instanceAnswers(html(gzip(PAGE), "Content-Encoding", "gzip"));
    lab.deploy(true);

    Page page = lab.ask("/");

    assertThat(page.body().toString()).contains(TAG);
    assertThat(page.headers()).doesNotContainKey("Content-Encoding");
  }

  @Test
  void case11And12PageThatCannotBeInflatedIsStreamed() {
    lab.deployAndSettle();

    lab.instanceAnswers(html(Buffer.buffer("x"), "Content-Encoding", "br"));
    assertStreamed("/", "encoded", 1);

    lab.instanceAnswers(html(gzip(PAGE).getBuffer(0, 40), "Content-Encoding", "gzip"));
    assertStreamed("/", "encoded", 2);

    lab.instanceAnswers(html(gzip("<head>".repeat(PageFetcher.CAP)), "Content-Encoding", "gzip"));
    assertStreamed("/", "encoded", 3);
  }

  /** Trap 16: asked with a browser's validators, it would answer 304. */
  @Test
  void case13InstanceIsAskedAsAStrangerWouldAsk() {
    lab.deploy(true);

    lab.ask("/index.html?a=%2F");

    assertThat(lab.requests).extracting(HttpServerRequest::uri).contains("/comfy/index.html?a=%2F");
    assertThat(lab.requests).allSatisfy(request -> {
      assertThat(request.headers().names()).containsExactlyInAnyOrder("host", "accept", "accept-encoding");
      assertThat(request.getHeader("Accept-Encoding")).isEqualTo("identity");
    });
  }

  @Test
  void case16PageOverTheCapIsStreamed() {
    lab.instanceAnswers(html("<head>".repeat(PageFetcher.CAP)));
    lab.deploy(true);

    assertStreamed("/", "too_large", 1);
  }

  @Test
  void case21WhatIsNoPageOfComfyUiIsStreamed() {
    lab.deployAndSettle();

    lab.instanceAnswers(response -> response.setStatusCode(502).putHeader("Content-Type", "text/html").end(PAGE));
    assertStreamed("/", "status_not_200", 1);
    lab.instanceAnswers(response -> response.setStatusCode(302).putHeader("Location", "/login").end());
    assertStreamed("/", "status_not_200", 2);
    lab.instanceAnswers(response -> response.putHeader("Content-Type", "text/htmlx").end(PAGE));
    assertStreamed("/", "not_html", 1);
    lab.instanceAnswers(html(Buffer.buffer(PAGE), "Set-Cookie", "a=b"));
    assertStreamed("/", "sets_cookie", 1);
    lab.instanceAnswers(html(PAGE));
    assertStreamed("/login", "not_a_page_path", 1);
    assertStreamed("/ HTTP/1.1\r\nX-A: b\r\n\r\n", "not_a_page_path", 2);
  }

  @Test
  void case23PageThatBreaksOffIsNotHalfAnswered() {
    lab.instanceAnswers(response -> {
      response.putHeader("Content-Type", "text/html").putHeader("Content-Length", "1000");
      response.write(PAGE).onComplete(written -> response.reset());
    });
    lab.deploy(true);

    assertStreamed("/", "instance_unreachable", 1);
  }

  @Test
  void case25SwitchedOffThePageIsLeftAlone() {
    lab.deploy(false);

    assertStreamed("/", "switched_off", 1);
    assertThat(lab.requests).isEmpty();
  }

  @Test
  void case25PageThatLosesOurScriptRaisesAnAlert() {
    lab.deployAndSettle();
    assertThat(lab.figure("injection_alerts")).isZero();

    lab.instanceAnswers(html(Buffer.buffer(PAGE), "Content-Security-Policy", "default-src 'none'"));

    assertStreamed("/", "csp_script", 1);
    assertThat(lab.figure("injection_alerts")).isEqualTo(1);
  }

  @Test
  void everyInstanceIsLookedAtWithoutBeingAsked() {
    lab.instanceAnswers(html("nothing here"));
    lab.deploy(true);

    untilAsserted(() -> assertThat(lab.figure("injection_alerts")).isEqualTo(1));
  }

  @Test
  void askedForByManyAtOnceAPageIsFetchedOnce() {
    List<HttpServerResponse> held = Collections.synchronizedList(new ArrayList<>());
    lab.deployAndSettle();
    int before = lab.requests.size();
    lab.instanceAnswers(held::add);

    List<Future<Page>> asked = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      asked.add(lab.asking("gpu", "/"));
    }
    // Questions are taken in turn: when a later one is answered, all before it share what is under way.
    lab.ask("/login");
    until(() -> !held.isEmpty());
    held.forEach(response -> html(PAGE).accept(response));

    assertThat(done(Future.all(asked)).<Page>list()).hasSize(30).allMatch(Page::injected);
    assertThat(lab.requests).hasSize(before + 1);
  }

  @Test
  void unknownInstanceIsRefused() {
    lab.deploy(true);

    assertThatThrownBy(() -> done(lab.asking("nobody", "/")))
      .isInstanceOf(ApiException.class)
      .hasMessageContaining("There is no instance 'nobody'");
  }

  @Test
  void instanceThatIsDownIsLeftToTheProxy() {
    lab.instanceGoesDown();
    lab.deploy(true);

    assertStreamed("/", "instance_unreachable", 1);
    assertThat(lab.figure("injection_alerts")).isZero();
  }

  @Test
  void instanceThatNeverAnswersIsLeftToTheProxy() {
    lab.instanceAnswers(response -> response.putHeader("Content-Type", "text/html").setChunked(true).write("<html>"));
    lab.deploy(true);

    assertStreamed("/", "instance_unreachable", 1);
  }

  private void assertStreamed(String uri, String reason, long times) {
    assertThat(lab.ask(uri)).isEqualTo(new Page(200, Map.of(), Buffer.buffer(), false, true));
    assertThat(lab.figure("injection_skipped_" + reason)).isEqualTo(times);
  }

  private static Consumer<HttpServerResponse> html(String page) {
    return response -> response.putHeader("Content-Type", "text/html; charset=utf-8").putHeader("ETag", "\"1\"")
      .putHeader("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT").end(page);
  }

  private static Consumer<HttpServerResponse> html(Buffer page, String header, String value) {
    return response -> response.putHeader("Content-Type", "text/html").putHeader(header, value).end(page);
  }

  private static Buffer gzip(String page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(page.getBytes());
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return Buffer.buffer(out.toByteArray());
  }
}
