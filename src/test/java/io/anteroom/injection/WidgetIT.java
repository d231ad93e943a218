package io.anteroom.injection;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pill says, told by a stream that the test writes. */
class WidgetIT extends StudentAtBrowser {

  @Test
  void followsATaskFromWaitingToDone() {
    page.navigate(edge.page());
    assertThat(pill()).hasText("○Ready");

    edge.tell(waiting(FIRST, 3).put("eta_seconds", new JsonObject().put("low", 110).put("high", 240)));
    assertThat(pill()).hasText("◔Waiting · place 3 of 9 · about 2-4 min");
    assertThat(pill()).hasAttribute("data-state", "queued");
    assertThat(pill()).hasAttribute("data-position", "3");

    edge.tell(running(FIRST, 12));
    assertThat(pill()).hasText("▶Running · step 12/30");

    edge.tell(ended(FIRST, "completed"));
    assertThat(pill()).hasText("✓Done");
  }

  @Test
  void speaksChineseToAChineseBrowserAndToAChineseComfyUi() {
    edge.tell(waiting(FIRST, 3));

    Page chinese = browsers.page("zh-CN");
    chinese.navigate(edge.page());
    assertThat(chinese.getByTestId("anteroom-pill")).hasText("◔排队中 · 第 3 位（共 9 个）");
    chinese.close();

    page.addInitScript("localStorage.setItem('Comfy.Settings.Comfy.Locale', '\"zh\"')");
    page.navigate(edge.page());
    assertThat(pill()).hasText("◔排队中 · 第 3 位（共 9 个）");
  }

  @Test
  void saysThatARunWasSentBeforeAnybodyAnswers() {
    edge.executeAnswers(request -> { });
    page.navigate(edge.page());
    assertThat(pill()).hasAttribute("data-state", "idle");

    Object said = page.evaluate("""
      () => { fetch('api/prompt', {method: 'POST', body: '{"prompt":{}}'});
        return document.querySelector('anteroom-pill').shadowRoot.querySelector('button').dataset.state; }""");

    assertThat(said).isEqualTo("sent");
  }

  @Test
  void showsTheRunThatWasAccepted() {
    edge.executeAnswers(request -> {
      edge.tell(waiting(FIRST, 3));
      FakeEdge.accept(request);
    });
    page.navigate(edge.page());
    pill().waitFor();

    page.evaluate("() => fetch('api/prompt', {method: 'POST', body: '{\"prompt\":{}}'})");

    assertThat(pill()).hasText("◔Waiting · place 3 of 9");
  }

  @Test
  void refusedRunSaysWhy() {
    edge.executeAnswers(request -> request.response().setStatusCode(429)
      .end("{\"error\":{\"type\":\"too_many_waiting\",\"message\":\"20 of 20 places used\"},\"node_errors\":{}}"));
    page.navigate(edge.page());
    pill().waitFor();

    page.evaluate("() => fetch('api/prompt', {method: 'POST', body: '{\"prompt\":{}}'})");

    assertThat(pill()).hasText("✕Not accepted: 20 of 20 places used");
  }

  @Test
  void whoIsSignedOutIsToldSo() {
    edge.tell(running(FIRST, 1));
    page.navigate(edge.page());
    assertThat(pill()).hasAttribute("data-state", "processing");

    edge.signOut();

    assertThat(pill()).hasText("⚠Signed out; tasks go on. Reload the page");
    assertThat(pill()).hasAttribute("data-state", "signed_out");
  }

  /** Lost on the way, or left out of a list: in the student's language, counted, and gone when dismissed. */
  @Test
  void whatWasLostOrLeftOutIsShown() {
    edge.tell(running(FIRST, 12));
    page.navigate(edge.page());
    assertThat(pill()).hasText("▶Running · step 12/30");

    page.evaluate("""
      () => [1, 2, 3].forEach(() =>
        window[Symbol.for('anteroom')].notice({code: 'left_out', instance: 'gpu<b>', count: 1}))
      """);

    assertThat(pill()).hasText("⚠ComfyUI on gpu<b> does not answer; its list shows only what Anteroom knows · 3 times");
    pill().click();
    assertThat(page.getByTestId("anteroom-notice")).hasCount(1);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Dismiss")).click();
    assertThat(page.getByTestId("anteroom-notice")).hasCount(0);
    assertThat(pill()).hasText("▶Running · step 12/30");

    Page chinese = browsers.page("zh-CN");
    chinese.navigate(edge.page());
    chinese.getByTestId("anteroom-pill").waitFor();
    chinese.evaluate("""
      () => window[Symbol.for('anteroom')].notice(
        {code: 'not_said', instance: 'x', count: 2, message: 'lost', message_zh: '已丢失'})
      """);
    assertThat(chinese.getByTestId("anteroom-pill")).hasText("⚠已丢失 · 2 次");
    chinese.close();
  }

  @Test
  void whoOnlyLooksIsToldAtWhomAndCancelsNothing() {
    edge.configures("only_looks", true);
    edge.configures("display_name", "Alice <b>");
    edge.tell(running(FIRST, 1), waiting("6f1c0a52-0000-4000-8000-0000000000aa", 3));
    page.navigate(edge.page());

    assertThat(pill()).containsText("Viewing Alice <b> · Running");
    pill().click();
    assertThat(page.getByTestId("anteroom-task")).hasCount(2);
    assertThat(page.getByText("Cancel")).hasCount(0);
  }

  @Test
  void aTaskWhoseInstanceIsOutSaysThatItIsKept() {
    edge.tell(waiting(FIRST, 0).put("blocked", "the instance b1 does not answer"));

    page.navigate(edge.page());

    assertThat(pill()).hasText("◔Waiting · the instance b1 does not answer · the task is kept");
  }

  @Test
  void anInstanceOnTrialIsNamedBesideThePlaceWithTheTimeAsItPasses() {
    edge.tell(waiting(FIRST, 2).put("blocked", "").put("outage", new JsonObject().put("code", "trial")
      .put("pattern", "the instance b1 is back since {since}, on trial").put("since_seconds", 20)));

    page.navigate(edge.page());

    assertThat(pill()).containsText("the instance b1 is back since 2");
    assertThat(pill()).containsText(" s, on trial · place 2");
    assertThat(pill()).not().containsText("kept");
    assertThat(pill()).containsText("back since 3", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
  }

  @Test
  void aRunThatNothingIsHeardOfSaysWhyAndATaskThatWasGivenUpTooInBothLanguages() {
    JsonObject silent = running(FIRST, 1).put("blocked", "the instance b1 does not answer")
      .put("blocked_zh", "实例 b1 没有响应");
    JsonObject gaveUp = ended(FIRST, "failed").put("error", new JsonObject().put("type", "instance_gave_up")
      .put("message", "It was not run").put("details", ""));
    Page chinese = browsers.page("zh-CN");
    edge.tell(silent);

    page.navigate(edge.page());
    chinese.navigate(edge.page());

    assertThat(pill()).containsText("Running · the instance b1 does not answer");
    assertThat(chinese.getByTestId("anteroom-pill")).containsText("运行中 · 实例 b1 没有响应");
    edge.tell(gaveUp);
    assertThat(pill()).containsText("Failed: its ComfyUI was out for too long; it was not run");
    assertThat(chinese.getByTestId("anteroom-pill")).containsText("失败：其 ComfyUI 长时间不可用，任务未运行");
    chinese.close();
  }

  @Test
  void failureIsAnAlertAndItsTextIsNeverMarkup() {
    String hostile = "<img src=x onerror=\"window.hacked=1\">";
    edge.tell(running(FIRST, 1));
    page.navigate(edge.page());
    assertThat(pill()).hasAttribute("data-state", "processing");

    edge.tell(ended(FIRST, "failed").put("error", new JsonObject().put("message", hostile).put("details", hostile)));
    pill().click();

    assertThat(pill()).hasText("✕Failed: " + hostile);
    assertThat(page.getByRole(AriaRole.ALERT)).hasText("Failed: " + hostile);
    page.getByText("Details").click();
    assertThat(page.locator("anteroom-pill pre")).hasText(hostile);
    assertThat(page.locator("anteroom-pill img").count()).isZero();
    assertThat(page.evaluate("window.hacked")).isNull();
  }

  @Test
  void withoutAStreamItAsks() {
    edge.streamsBreakOff(true);
    page.navigate(edge.page());

    edge.tell(waiting(FIRST, 2));

    assertThat(pill()).hasAttribute("data-position", "2");
  }

  @ParameterizedTest
  @CsvSource({"500, 6, 12", "4000, 0, 3"})
  void withoutAStreamItAsksAsOftenAsTheLabHasSetIt(int pollMillis, int least, int most) {
    edge.configures("poll_interval_ms", pollMillis);
    edge.streamsBreakOff(true);
    page.navigate(edge.page());
    edge.tell(waiting(FIRST, 2));
    assertThat(pill()).hasAttribute("data-position", "2");
    int before = edge.seen("/api/v1/comfy/queue").size();

    page.waitForTimeout(5_000);

    assertThat(edge.seen("/api/v1/comfy/queue").size() - before).isBetween(least, most);
  }

  @Test
  void lostConnectionIsSaidAndMended() {
    edge.tell(waiting(FIRST, 2));
    page.navigate(edge.page());
    assertThat(pill()).hasAttribute("data-state", "queued");

    page.context().setOffline(true);
    edge.streamsBreakOff(false);
    assertThat(pill()).hasAttribute("data-state", "offline");

    page.context().setOffline(false);
    assertThat(pill()).hasAttribute("data-state", "queued");
  }
}
