package io.anteroom.injection;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a student can do with the pill, by mouse and by keyboard. */
class WidgetUseIT extends StudentAtBrowser {
  private static final String VISIBILITY = """
    hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
      document.dispatchEvent(new Event('visibilitychange')); }""";

  @Test
  void cancelAsksTheQueue() {
    edge.tell(running(FIRST, 3), waiting(SECOND, 2));
    page.navigate(edge.page());

    pill().click();
    page.getByRole(AriaRole.BUTTON, named("Cancel: Waiting · place 2 of 9")).click();

    await().untilAsserted(() -> assertThat(cancelled(SECOND)).isEqualTo(1));
    assertThat(cancelled(FIRST)).isZero();
  }

  @Test
  void cancellingEverythingTakesASecondPress() {
    edge.tell(running(FIRST, 3), waiting(SECOND, 2));
    page.navigate(edge.page());
    pill().click();

    page.getByText("Cancel all mine").click();
    page.getByText("Really cancel 2?").click();

    await().untilAsserted(() -> assertThat(List.of(cancelled(FIRST), cancelled(SECOND))).containsOnly(1L));
  }

  @Test
  void pressIsNotLostWhenNewsComesInTheMiddleOfIt() {
    edge.tell(running(FIRST, 3));
    page.navigate(edge.page());
    pill().click();

    page.getByRole(AriaRole.BUTTON, named("Cancel: Running")).hover();
    page.mouse().down();
    edge.tell(running(FIRST, 4));
    assertThat(pill()).containsText("step 4/30");
    page.mouse().up();

    await().untilAsserted(() -> assertThat(cancelled(FIRST)).isEqualTo(1));
  }

  @Test
  void tabThatNobodySeesHoldsNoConnection() {
    page.navigate(edge.page());
    await().untilAsserted(() -> assertThat(edge.openStreams()).isEqualTo(1));

    page.evaluate(VISIBILITY, true);
    await().untilAsserted(() -> assertThat(edge.openStreams()).isZero());
    edge.tell(waiting(FIRST, 2));
    page.evaluate(VISIBILITY, false);

    assertThat(pill()).hasAttribute("data-position", "2");
    await().untilAsserted(() -> assertThat(edge.openStreams()).isEqualTo(1));
  }

  @Test
  void worksWithoutAMouse() {
    edge.tell(running(FIRST, 3));
    page.navigate(edge.page());
    page.evaluate("() => { window.pressed = []; addEventListener('keydown', e => pressed.push(e.key)); }");
    pill().focus();

    page.keyboard().press("Enter");
    assertThat(pill()).hasAttribute("aria-expanded", "true");
    assertThat(page.getByRole(AriaRole.PROGRESSBAR)).hasAttribute("aria-valuetext", "step 3/30");
    for (int i = 0; i < 3; i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    await().untilAsserted(() -> assertThat(cancelled(FIRST)).isEqualTo(1));
    page.keyboard().press("Escape");

    assertThat(pill()).hasAttribute("aria-expanded", "false");
    assertThat(page.evaluate("pressed")).isEqualTo(List.of());
  }

  @Test
  void staysWhereItWasDragged() {
    page.navigate(edge.page());
    pill().hover();
    page.mouse().down();
    page.mouse().move(1000, 100);
    page.mouse().up();
    double x = pill().boundingBox().x;

    page.reload();

    assertThat(pill()).hasAttribute("aria-expanded", "false");
    assertThat(pill().boundingBox().x).isEqualTo(x).isBetween(900.0, 1000.0);
  }

  private long cancelled(String id) {
    return edge.seen("/api/v1/comfy/queue/" + id).stream()
      .filter(asked -> asked.method() == HttpMethod.DELETE && "user=alice".equals(asked.query()))
      .count();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }
}
