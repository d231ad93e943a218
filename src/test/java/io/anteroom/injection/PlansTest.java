package io.anteroom.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.injection.HtmlInjector.Plans;
import io.anteroom.injection.PageFetcher.Original;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class PlansTest {
  private final Plans plans = new Plans(new HtmlInjector("boot.js"));

  @Test
  void samePageIsParsedOnce() {
    assertThat(plans.of(page("<head>", "default-src 'self'"))).isSameAs(plans.of(page("<head>", "default-src 'self'")));
  }

  @Test
  void otherVersionOrOtherPolicyIsAnotherPage() {
    assertThat(plans.of(page("<head>", "script-src 'nonce-a'")).nonce()).isEqualTo("a");
    assertThat(plans.of(page("<head>", "script-src 'nonce-b'")).nonce()).isEqualTo("b");
    assertThat(plans.of(page("<!-- new --><head>", "script-src 'nonce-a'")).place()).isEqualTo(18);
  }

  @Test
  void versionsAreNotKeptForEver() {
    for (int version = 0; version < 1000; version++) {
      plans.of(page("<!-- " + version + " --><head>", "default-src 'self'"));
    }

    assertThat(plans.size()).isEqualTo(200);
  }

  private static Original page(String html, String policy) {
    return new Original(MultiMap.caseInsensitiveMultiMap().add("Content-Type", "text/html")
      .add("Content-Security-Policy", policy), Buffer.buffer(html));
  }
}
