package io.anteroom.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.http.WebAssets;
import io.anteroom.injection.FakeEdge.Seen;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real browser makes of a page with our script in it; numbers are those of the study's list of cases. */
class InjectedPageIT extends StudentAtBrowser {

  @ParameterizedTest
  @ValueSource(strings = {
    "default-src 'self'",
    "script-src 'nonce-abc'; connect-src 'self'",
    "script-src 'strict-dynamic' 'nonce-abc'",
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
      + "connect-src 'self' data:"})
  void case18And19ScriptAndWidgetRunUnderThePolicy(String policy) {
    edge.pageHas("Content-Security-Policy", policy);

    page.navigate(edge.page());

    page.getByTestId("anteroom-pill").waitFor();
    assertThat(page.getByTestId("anteroom-pill").evaluate("pill => getComputedStyle(pill).borderRadius"))
      .isEqualTo("16px");
  }

  @Test
  void case18PageWhosePolicyForbidsUsStillWorks() {
    edge.pageHas("Content-Security-Policy", "script-src 'sha256-abc='");

    page.navigate(edge.page());

    assertThat(page.title()).isEqualTo("ComfyUI");
    assertThat(page.getByTestId("anteroom-pill").count()).isZero();
  }

  @Test
  void case20ScriptRunsFirstAndTheImportMapStillWorks() {
    page.navigate(edge.page());

    assertThat(page.evaluate("() => [app.scriptRanFirst, app.found]")).isEqualTo(List.of(true, true));
  }

  @Test
  void scriptSaysHelloOnceWithBothVersions() {
    page.navigate(edge.page());

    await().untilAsserted(() -> assertThat(edge.seen("/u/alice/_anteroom/hello")).hasSize(1));
    Seen hello = edge.seen("/u/alice/_anteroom/hello").get(0);
    assertThat(hello.json().getString("version")).isEqualTo(new WebAssets().version());
    assertThat(hello.json().getString("frontend")).isEqualTo("1.27.10");
  }
}
