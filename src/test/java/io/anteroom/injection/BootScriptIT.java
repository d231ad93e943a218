package io.anteroom.injection;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.injection.FakeEdge.Seen;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the boot script catches runs in a real browser: the study's table of callers, its case 24. */
class BootScriptIT extends StudentAtBrowser {
  private static final String EXECUTE = "/api/v1/comfy/queue/execute";
  private static final String BY_PROXY = "/u/alice/api/prompt";
  private static final String RUN = "{method: 'POST', body: JSON.stringify({prompt: {'1': '图'}})}";

  @ParameterizedTest
  @ValueSource(strings = {"'api/prompt'", "'./prompt'", "'/u/alice/api/prompt'", "'/api/prompt'", "'/prompt'",
    "location.origin + '/u/alice/api/prompt'", "new URL('api/prompt', location)", "{toString: () => 'api/prompt'}"})
  void runByAddressGoesToTheQueue(String address) {
    page.navigate(edge.page());

    Object answer = page.evaluate("async () => (await (await fetch(%s, %s)).json()).number".formatted(address, RUN));

    assertThat(answer).isEqualTo(7);
    assertRunCaught();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "fetch(new Request('api/prompt', RUN))",
    "fetch(new Request('api/prompt', {method: 'PUT', body: '{}'}), RUN)",
    "fetch('api/prompt', {...RUN, method: 'post'})",
    "fetch('api/prompt', Object.freeze({...RUN, keepalive: true}))",
    "fetch.call(undefined, 'api/prompt', RUN)",
    "fetch.call({}, 'api/prompt', {...RUN, body: new TextEncoder().encode(RUN.body).buffer})"})
  void runGoesToTheQueueHoweverItIsMade(String call) {
    page.navigate(edge.page());

    assertThat(page.evaluate("async () => { const RUN = %s; return (await %s).status; }".formatted(RUN, call)))
      .isEqualTo(200);

    assertRunCaught();
  }

  @Test
  void headersAndSignalOfTheCallerAreKept() {
    page.navigate(edge.page());

    page.evaluate("() => fetch(new Request('api/prompt', {...%s, headers: {'Comfy-User': 'a'}}))".formatted(RUN));
    Object failure = page.evaluate("() => fetch('api/prompt', {...%s, signal: AbortSignal.abort()}).catch(e => e.name)"
      .formatted(RUN));

    assertThat(failure).isEqualTo("AbortError");
    assertThat(edge.seen(EXECUTE)).hasSize(1).allMatch(run -> "a".equals(run.headers().get("Comfy-User")));
    assertThat(edge.seen(BY_PROXY)).isEmpty();
  }

  @Test
  void initOfTheCallerIsNotChanged() {
    page.navigate(edge.page());

    assertThat(page.evaluate("""
      async () => { const init = {method: 'POST', body: '{"prompt":{}}', headers: {a: '1'}}; const before = {...init};
        await fetch('api/prompt', init);
        return JSON.stringify(init) === JSON.stringify(before) && init.headers === before.headers; }"""))
      .isEqualTo(true);
  }

  @Test
  void whatIsNoRunPassesUntouched() {
    page.navigate(edge.page());

    page.evaluate("""
      async () => { await fetch('api/prompt'); await fetch('api/prompts', {method: 'POST', body: 'a'});
        await fetch('api/queue', {method: 'POST', body: '{"clear":true}'}); }""");

    assertThat(edge.seen(BY_PROXY)).extracting(Seen::method).containsExactly(HttpMethod.GET);
    assertThat(edge.seen("/u/alice/api/prompts").get(0).body().toString()).isEqualTo("a");
    assertThat(edge.seen("/u/alice/api/queue").get(0).headers().contains("X-Anteroom-Via")).isFalse();
    assertThat(edge.seen(EXECUTE)).isEmpty();
  }

  @Test
  void otherOriginIsLeftAlone() {
    try (FakeEdge other = new FakeEdge()) {
      page.navigate(edge.page());

      page.evaluate("address => fetch(address, %s)".formatted(RUN), other.origin() + "/api/prompt");

      assertThat(other.seen("/api/prompt")).hasSize(1)
        .allMatch(run -> !run.headers().contains("X-Anteroom-Via") && !run.json().containsKey("prompt_id"));
      assertThat(edge.seen(EXECUTE)).isEmpty();
    }
  }

  @Test
  void case24UploadOf50MegabytesIsUntouched() {
    page.navigate(edge.page());

    page.evaluate("""
      async () => { const form = new FormData(); form.append('image', new Blob([new Uint8Array(50e6)]), '图.png');
        return (await fetch('upload/image', {method: 'POST', body: form})).status; }""");

    Seen upload = edge.seen("/u/alice/upload/image").get(0);
    assertThat(upload.body().length()).isGreaterThan(50_000_000);
    assertThat(upload.headers().get("Content-Type")).startsWith("multipart/form-data; boundary=");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "navigator.sendBeacon('api/prompt', '{\"prompt\":{}}')",
    "new Worker(URL.createObjectURL(new Blob([`fetch('${location.href}api/prompt', {method: 'POST', body: '{}'})`])))",
    "(f => { f.src = 'frame'; f.onload = () => f.contentWindow.fetch('api/prompt', {method: 'POST', body: '{}'});"
      + " document.body.append(f); })(document.createElement('iframe'))",
    "(x => { x.open('POST', 'api/prompt'); x.send('{}'); })(new XMLHttpRequest())",
    "fetch('api/prompt', {method: 'POST', duplex: 'half', body: new Blob(['{}']).stream()}).catch(() => "
      + "navigator.sendBeacon('api/prompt'))"})
  void case24WhatTheScriptCannotSeeReachesTheProxy(String call) {
    page.navigate(edge.page());

    page.evaluate("() => { %s; }".formatted(call));

    await().untilAsserted(() -> assertThat(edge.seen(BY_PROXY)).hasSize(1));
    assertThat(edge.seen(EXECUTE)).isEmpty();
  }

  @Test
  void queueThatIsNotThereLeavesTheRunToTheProxy() {
    edge.executeAnswers(request -> request.response().setStatusCode(404).end());
    page.navigate(edge.page());

    assertThat(page.evaluate("async () => (await (await fetch('api/prompt', %s)).json()).prompt_id".formatted(RUN)))
      .isEqualTo("by the proxy");
  }

  @Test
  void runWhoseAnswerWasLostIsSentAgainAsTheSameRun() {
    edge.executeAnswers(request -> request.connection().close());
    page.navigate(edge.page());

    page.evaluate("() => fetch(new Request('api/prompt', %s))".formatted(RUN));

    String first = edge.seen(EXECUTE).get(0).json().getString("prompt_id");
    assertThat(first).isNotNull();
    assertThat(edge.seen(BY_PROXY)).extracting(run -> run.json().getString("prompt_id")).containsExactly(first);
  }

  @Test
  void refusalReachesThePageAsItIs() {
    edge.executeAnswers(request -> request.response().setStatusCode(429).end("{\"error\":{\"type\":\"busy\"}}"));
    page.navigate(edge.page());

    assertThat(page.evaluate("() => fetch('api/prompt', %s).then(async r => r.status + await r.text())".formatted(RUN)))
      .isEqualTo("429{\"error\":{\"type\":\"busy\"}}");
  }

  @Test
  void fetchLooksAsTheBrowserMadeIt() {
    page.navigate(edge.page());

    assertThat(page.evaluate("""
      () => [fetch.name, fetch.length, String(fetch), 'prototype' in fetch, fetch('x') instanceof Promise]"""))
      .isEqualTo(List.of("fetch", 1, "function fetch() { [native code] }", false, true));
  }

  @Test
  void secondBootScriptDoesNothing() {
    page.navigate(edge.page());

    assertThat(page.evaluate("""
      async src => { const before = fetch; const s = document.createElement('script'); s.src = src;
        await new Promise(done => { s.onload = done; document.head.append(s); }); return before === fetch; }""",
      "_anteroom/boot.js")).isEqualTo(true);
  }

  @Test
  void theExtensionBringsTheBootScriptIntoAPageThatLacksIt() {
    page.navigate(edge.page() + "frame");

    page.evaluate("() => import('./_anteroom/extension.js')");
    page.waitForFunction("() => window[Symbol.for('anteroom')]");
    page.evaluate("() => fetch('api/prompt', { method: 'POST', body: JSON.stringify({ prompt: { 1: '图' } }) })");

    assertRunCaught();
    until(() -> !edge.seen("/u/alice/_anteroom/hello").isEmpty());
  }

  private void assertRunCaught() {
    assertThat(edge.seen(EXECUTE)).hasSize(1).allSatisfy(run -> {
      assertThat(run.method()).isEqualTo(HttpMethod.POST);
      assertThat(run.query()).isEqualTo("user=alice");
      assertThat(run.headers().get("X-Anteroom-Via")).isEqualTo("script");
      assertThat(run.json().getJsonObject("prompt").getString("1")).isEqualTo("图");
      assertThat(run.json().getString("prompt_id")).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    });
    assertThat(edge.seen(BY_PROXY)).isEmpty();
  }
}
