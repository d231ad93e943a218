package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingTest {
  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  /** Trap 2: an address that is decoded and encoded again on its way is another one. */
  @ParameterizedTest
  @ValueSource(strings = {
    "/api/userdata/workflows%2Fa%20b.json", "/api/userdata/a%252Fb", "/view?a%20b+c&flag",
    "/view?x=1&y=2&x=3", "//extensions//x.js", "/x;y=z", "/%E5%BC%A0?q=%E4%B8%89", "/view?filename=a\\b|{c}",
  })
  void theRawAddressReachesTheInstance(String inner) {
    Reply answer = house.ask(HttpMethod.POST, "/u/alice" + inner, Buffer.buffer("{}"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(house.comfy.lastAsked().uri()).isEqualTo(inner);
    assertThat(house.comfy.lastAsked().body()).hasToString("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/api/jobs?offset=x%", "/u/alice/history?max_items=%zz", "/u/alice/api/jobs?%"})
  void aQueryThatNobodyCanReadIsNoErrorOfOurs(String uri) {
    assertThat(house.get(uri).error()).isEqualTo("invalid_request");
  }

  @Test
  void bothFormsOfThePrefixLeadToTheSameInstance() {
    assertThat(house.get("/api/v1/comfy/proxy/alice/api/x").text()).isEqualTo("/api/x");
    assertThat(house.get("/u/%E5%BC%A0%E4%B8%89/api/x").text()).isEqualTo("/api/x");
    assertThat(house.get("/u/bobby/api/x").text()).isEqualTo("/api/x");
  }

  /** Trap 1: without the slash a page would ask for everything one folder too high. */
  @Test
  void aMissingSlashIsAddedAndTheQueryKept() {
    Reply answer = house.get("/u/alice?a=%20b&c");

    assertThat(answer.status()).isEqualTo(308);
    assertThat(answer.header("Location")).isEqualTo("/u/alice/?a=%20b&c");
    assertThat(house.get("/api/v1/comfy/proxy/alice").header("Location")).isEqualTo("/api/v1/comfy/proxy/alice/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/../bob/", "/u/alice/%2e%2e/bob/x", "/u/alice/a\\b", "/u/alice/..%2Fb"})
  void aClimbingPathIsRefused(String uri) {
    Reply answer = house.get(uri);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
    assertThat(house.comfy.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/Alice/", "/u/nobody/x", "/u/nobody", "/u//x", "/u/%zz/"})
  void anUnknownUserIsNamed(String uri) {
    Reply answer = house.get(uri, "Accept-Language", "de, zh-CN;q=0.9, en;q=0.8");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.error()).isEqualTo("unknown_user");
    assertThat(answer.json().getJsonObject("error").getString("message")).contains("用户");
    assertThat(answer.json().getJsonObject("error").getJsonObject("extra_info").getString("message_en"))
      .contains("There is no user");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  /** Trap 3: ComfyUI answers 403 to an Origin that is not its own. */
  @Test
  void anInstanceSeesNothingThatIsOursOrThatItWouldRefuse() {
    house.get("/u/alice/api/x", "Origin", house.origin(), "Authorization", "Bearer secret", "Cookie",
      "a=1; anteroom=s; anteroom_id=t; b=\"2\"", "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "image",
      "X-Forwarded-For", "1.2.3.4", "X_Forwarded_User", "root", "Forwarded", "for=x", "Comfy-User", "root",
      "Connection", "X-Drop", "X-Drop", "1", "Keep-Alive", "timeout=5", "X-Anteroom-Via", "script", "X-Keep", "1",
      "X-Keep", "2", "Accept-Encoding", "br");

    SmallInstance.Asked asked = house.comfy.lastAsked();
    assertThat(asked.headers()).extracting(header -> header.getKey().toLowerCase() + ": " + header.getValue())
      .containsExactlyInAnyOrder("host: " + house.comfy.url().getAuthority(), "cookie: a=1; b=\"2\"",
        "sec-fetch-dest: image", "x-keep: 1", "x-keep: 2", "accept-encoding: br", "content-length: 0");
  }

  @Test
  void aBrowserSeesNothingThatAnInstanceMustNotDecide() {
    List<String> cookies = List.of("mine=1; Path=/", "anteroom=stolen", "ANTEROOM_x=1");
    house.comfy.answers("/x", request -> request.response().putHeader("Set-Cookie", cookies)
      .putHeader("Keep-Alive", "timeout=5").putHeader("Service-Worker-Allowed", "/")
      .putHeader("Access-Control-Allow-Origin", "*").putHeader("Clear-Site-Data", "\"storage\"")
      .putHeader("ETag", "\"1\"").putHeader("Cache-Control", "max-age=5").end("content"));

    Reply answer = house.get("/u/alice/x");

    assertThat(answer.headers().entries()).extracting(Map.Entry::getKey, Map.Entry::getValue)
      .extracting(pair -> pair.toList().get(0) + ": " + pair.toList().get(1))
      .containsExactlyInAnyOrder("Set-Cookie: mine=1; Path=/", "ETag: \"1\"", "Cache-Control: max-age=5",
        "content-length: 7", "Content-Security-Policy: frame-ancestors 'self'",
        "Cross-Origin-Resource-Policy: same-origin");
  }

  @Test
  void headAndNotModifiedHaveNoBody() {
    house.comfy.answers("/x", request -> {
      request.response().putHeader("Content-Length", "7");
      if (request.method() == HttpMethod.GET) {
        request.response().setStatusCode(304);
      }
      request.response().end();
    });

    Reply head = house.ask(HttpMethod.HEAD, "/u/alice/x", Buffer.buffer());
    Reply unchanged = house.get("/u/alice/x", "If-None-Match", "\"1\"");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("7");
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(house.get("/u/alice/y").text()).isEqualTo("/y");
  }

  /** Trap 3, the other side: the check that ComfyUI cannot make behind us is ours. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1"})
  void aPageOfAnotherOriginMustNotChangeAnything(String origin) {
    Reply answer = house.post("/u/alice/api/settings", "{}", "Origin", origin);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.error()).isEqualTo("foreign_origin");
    assertThat(house.comfy.asked()).isEmpty();
    assertThat(house.get("/u/alice/api/settings", "Origin", origin).status()).isEqualTo(200);
  }

  @Test
  void ourOwnPageMayChangeThings() {
    assertThat(house.post("/u/alice/api/settings", "{}", "Origin", house.origin()).status()).isEqualTo(200);
  }

  @Test
  void anEarlyRefusalOfAnUploadComesThrough() {
    house.comfy.answers("/upload", request -> request.response().setStatusCode(413).end("too large"));
    HttpClientRequest upload = house.request(HttpMethod.POST, "/u/alice/upload", "Content-Length", "1000000000");
    upload.exceptionHandler(cutOff -> { });
    Future<Reply> reply = Reply.to(upload);
    upload.write(Buffer.buffer(new byte[100_000]));

    Reply answer = done(reply);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).isEqualTo("too large");
    assertThat(house.get("/u/alice/y").text()).isEqualTo("/y");
  }

  @Test
  void whoeverAsksBeforeSendingIsToldToContinue() {
    HttpClientRequest upload = house.request(HttpMethod.POST, "/u/alice/upload", "Expect", "100-continue");
    upload.setChunked(true).continueHandler(go -> upload.end("body"));
    done(upload.writeHead());

    assertThat(done(upload.response()).statusCode()).isEqualTo(200);
    assertThat(house.comfy.lastAsked().body()).hasToString("body");
    assertThat(house.comfy.lastAsked().header("Expect")).isNull();
  }
}
