package io.anteroom.injection;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.anteroom.attack.Attack;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks by text that somebody else sees: a workflow's title, a node's error, a name; in a real browser. */
class HostileTextIT extends StudentAtBrowser {
  static List<String> hostile() {
    return List.of(
      "<img src=x onerror=\"window.hit=1\">", "<script>window.hit=1</script>", "\"><svg onload=window.hit=1>",
      "javascript:window.hit=1", "</style><script>window.hit=1</script>",
      "<iframe srcdoc='<script>top.hit=1</script>'>",
      "{{constructor.constructor('window.hit=1')()}}",
      "<a href=\"javascript:window.hit=1\" autofocus onfocus=window.hit=1>");
  }

  /** All that the widget shows of a task is of somebody's making: the workflow's author, the node's, the admin's. */
  @Attack(38)
  @ParameterizedTest
  @MethodSource("hostile")
  void whatIsShownIsTextAndNothingElse(String hostile) {
    List<String> dialogs = new ArrayList<>();
    page.onDialog(dialog -> {
      dialogs.add(dialog.message());
      dialog.dismiss();
    });
    edge.tell(waiting(FIRST, 3).put("blocked", hostile).put("blocked_zh", hostile).put("title", hostile)
        .put("instance", hostile),
      ended(SECOND, "failed").put("error", new JsonObject().put("type", hostile).put("message", hostile)
        .put("details", hostile)).put("outputs", new JsonObject().put(hostile, new JsonObject()
          .put("images", new JsonArray().add(new JsonObject().put("filename", hostile).put("type", hostile))))));
    edge.executeAnswers(request -> request.response().setStatusCode(400).end(new JsonObject()
      .put("error", new JsonObject().put("type", hostile).put("message", hostile).put("details", hostile))
      .put("node_errors", new JsonObject().put(hostile, new JsonObject())).encode()));

    page.navigate(edge.page());
    assertThat(pill()).containsText(hostile);
    pill().click();
    page.getByText(hostile).first().waitFor(new Locator.WaitForOptions()
      .setState(WaitForSelectorState.ATTACHED));
    page.evaluate("() => fetch('api/prompt', {method: 'POST', body: '{\"prompt\":{}}'})");
    assertThat(pill()).containsText(hostile);
    assertNothingHappened(dialogs);
  }

  @Attack(38)
  @ParameterizedTest
  @MethodSource("hostile")
  void theNameOfWhomATeacherLooksAtIsTextToo(String hostile) {
    edge.configures("only_looks", true);
    edge.configures("display_name", hostile);
    edge.tell(waiting(FIRST, 3));

    page.navigate(edge.page());

    assertThat(pill()).containsText(hostile);
    assertNothingHappened(List.of());
  }

  private void assertNothingHappened(List<String> dialogs) {
    Assertions.assertThat(page.evaluate("() => window.hit")).isNull();
    Assertions.assertThat(dialogs).isEmpty();
    Assertions.assertThat(page.evaluate("() => document.querySelector('anteroom-pill').shadowRoot"
      + ".querySelectorAll('img,script,iframe,a[href^=\"javascript\"],svg').length")).isEqualTo(0);
  }
}
