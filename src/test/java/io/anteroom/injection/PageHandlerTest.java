package io.anteroom.injection;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose pages count when it is judged whether our script runs. */
class PageHandlerTest {
  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final Directory directory = new Directory(List.of(), List.of(new Instance("gpu", comfy.url(), "gpu", 1)));
  private final MetricsRegistry tally = new MetricsRegistry();
  private final PageHandler desk = new PageHandler(
    new InjectedPages(vertx, true, () -> directory, new PageFetcher(vertx, InjectionFixture.settings(true).instances()),
      new HtmlInjector("boot.js")), () -> directory, tally);

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void onlyDocumentsOfBrowsersCount() {
    comfy.answers("/", request -> request.response().putHeader("Content-Type", "text/html")
      .end("<!doctype html><html><head></head><body></body></html>"));

    load(20, false);
    assertThat(tally.read()).containsEntry("injection_alerts", 0L).containsEntry(InjectionResult.INJECTED.figure(),
      20L);

    load(20, true);
    assertThat(tally.read()).containsEntry("injection_alerts", 1L);
  }

  private void load(int times, boolean document) {
    for (int i = 0; i < times; i++) {
      assertThat(done(desk.answer(new PageQuestion("gpu", "/", document))).injected()).isTrue();
    }
    desk.tick();
    desk.tick();
  }
}
