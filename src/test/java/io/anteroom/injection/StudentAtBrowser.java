package io.anteroom.injection;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.anteroom.support.browser.Browsers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A student at a real browser, before an edge that says what the test says. */
abstract class StudentAtBrowser {
  static final String FIRST = "6f1c0a52-0000-4000-8000-000000000001";
  static final String SECOND = "6f1c0a52-0000-4000-8000-000000000002";
  static Browsers browsers;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final FakeEdge edge = new FakeEdge();
  Page page;

  @BeforeAll
  static void openBrowser() {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
    Awaitility.setDefaultTimeout(PATIENCE);
    browsers = Browsers.open();
  }

  @AfterAll
  static void closeBrowser() {
    browsers.close();
  }

  @BeforeEach
  void newPage() {
    page = browsers.page("en-US");
  }

  @AfterEach
  void leave() {
    page.close();
    edge.close();
  }

  Locator pill() {
    return page.getByTestId("anteroom-pill");
  }

  static JsonObject waiting(String id, int position) {
    return task(id, "queued").put("position", position);
  }

  static JsonObject running(String id, int step) {
    return task(id, "processing").put("progress", new JsonObject().put("value", step).put("max", 30).put("node", "3"));
  }

  static JsonObject ended(String id, String status) {
    return task(id, status).put("finished_at", "2026-11-23T08:05:00Z");
  }

  private static JsonObject task(String id, String status) {
    return new JsonObject().put("task_id", id).put("status", status).put("position", 0).put("attempts", 1)
      .put("submitted_at", "2026-11-23T08:00:00Z");
  }
}
