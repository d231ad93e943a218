package io.anteroom;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import io.anteroom.support.browser.Browsers;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.redis.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo as a newcomer sees it: two students in a real Chromium, and one place for both. */
class DemoIT {
  private static NodeProcess demo;
  private static Browsers browsers;

  @BeforeAll
  static void start() throws IOException {
    demo = NodeProcess.start("demo", "demo", Map.of(
      "COMFY_MAX_CONCURRENT", "1", "ANTEROOM_DATA_DIR", TestRedis.freshDirectory().toString()));
    browsers = Browsers.open();
    demo.awaitReady();
  }

  /** In good order: killed, it would leave its Redis behind. */
  @AfterAll
  static void stop() throws InterruptedException {
    browsers.close();
    demo.stop();
  }

  @Test
  void thePillGoesFromWaitingWithAPlaceToRunningToDone() {
    Page bob = open("bob");
    Page alice = open("alice");

    bob.click("#run");
    assertThat(pill(bob)).hasAttribute("data-state", "processing", patiently());
    alice.click("#run");

    assertThat(pill(alice)).hasAttribute("data-state", "queued", patiently());
    assertThat(pill(alice)).hasAttribute("data-position", "1", patiently());
    picture(alice, "waiting");
    assertThat(pill(alice)).hasAttribute("data-state", "processing", patiently());
    picture(alice, "running");
    assertThat(pill(alice)).hasAttribute("data-state", "completed", patiently());
  }

  private static Page open(String student) {
    Page page = browsers.page("en-US");
    page.navigate(demo.url() + "/u/" + student + "/");
    assertThat(page.locator("#version")).containsText("0.28.0",
      new ContainsTextOptions().setTimeout(Browsers.PATIENCE_MILLIS));
    return page;
  }

  private static Locator pill(Page page) {
    return page.getByTestId("anteroom-pill");
  }

  /** For whoever wants to see it; the README's come from here. */
  private static void picture(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "pictures", name + ".png")));
  }

  private static HasAttributeOptions patiently() {
    return new HasAttributeOptions().setTimeout(Browsers.PATIENCE_MILLIS);
  }
}
