package io.anteroom.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.directory.Instance;
import io.anteroom.edge.http.HeaderFilter;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.RedirectRewriter;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.http.StudentPath;
import io.anteroom.fuzz.Fuzz;
import io.anteroom.support.LogLines;
import io.anteroom.support.client.RawClient;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Addresses, cookies, redirects and whole requests of any bytes: no crash, no hang, no error of our own. */
class EdgeFuzzTest {
  private static final List<String> ADDRESSES = List.of("/u/alice/api/view?filename=a%20b&type=x", "/u/alice/../bob/",
    "/api/v1/comfy/proxy/%E5%BC%A0%E4%B8%89/ws?clientId=1", "/api/v1/comfy/queue/status/6f1c?wait=25", "/u/a%2Fb/x;y=z",
    "/u/alice/%2e%2e%2fbob/%zz", "/prompt", "//u//alice");
  private static final List<String> COOKIES = List.of("a=1; anteroom=secret; b=\"2\"", "__Host-anteroom=secret;x",
    "=anteroom=secret; ; c", "ANTEROOM_x=secret");
  private static final List<String> LOCATIONS = List.of("/view?a=1#b", "//evil.example", "http://10.0.0.7:8188/comfy/x",
    "https:evil", "../../bob", "\\\\evil", "x/y?z", "/\t/evil", "http://10.0.0.7:8188@evil/");
  private static final List<String> REQUESTS = List.of(
    "GET /u/alice/x?y HTTP/1.1\r\nHost: localhost\r\nCookie: a=1\r\nReferer: http://localhost/u/alice/\r\n\r\n",
    "POST /u/bobby/prompt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nX-Anteroom-Via: script\r\n\r\n{}",
    "POST /u/alice/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n",
    "GET /u/alice/ws?clientId=1 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: Upgrade\r\n"
      + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\u0081\u0085abcdhello",
    "GET /api/v1/comfy/queue?user=alice&wait=0 HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"1\"\r\n\r\n",
    "GET /u/alice/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: document\r\nAccept-Language: zh\r\n\r\n",
    "POST /u/alice/api/jobs/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 15\r\n\r\n{\"job_ids\":[1]}",
    "POST /u/bobby/api/history HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n"
      + "{\"clear\":true}",
    "GET /u/alice/api/jobs?limit=9&offset=x&status=a,b HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-\r\n\r\n",
    "GET /u/alice/_anteroom/config.json HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "DELETE /api/v1/comfy/queue/6f1c0a52-0000-4000-8000-000000000001?user=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");

  @Test
  void everyAddressIsRefusedOrPartedWithoutLoss() {
    Fuzz.run("addresses", ADDRESSES, input -> {
      RawUri uri = new RawUri(new String(input, ISO_8859_1));
      if (uri.isSafe()) {
        uri.hasReadableQuery();
        assertThat(uri.path() + uri.query()).isEqualTo(uri.text());
        assertThat(Arrays.asList(uri.meaning().split("[/\\\\]"))).doesNotContain("..", ".");
        StudentPath.of(uri).ifPresent(path ->
          assertThat(path.lacksSlash() ? path.withSlash() : path.prefix() + path.inner().text().substring(1))
            .isIn(uri.text(), path.withSlash()));
      }
    });
  }

  @Test
  void noCookieOfOursGoesOutOrComesIn() {
    Fuzz.run("cookies", COOKIES, input -> {
      String cookies = new String(input, ISO_8859_1).replaceAll("[\\x00-\\x1f]", "");
      MultiMap in = MultiMap.caseInsensitiveMultiMap().add("Cookie", cookies);
      MultiMap out = MultiMap.caseInsensitiveMultiMap();
      HeaderFilter.toInstance(in, out, Optional.of("token"));
      for (String cookie : Optional.ofNullable(out.get("Cookie")).orElse("").split(";")) {
        assertThat(cookie.strip().toLowerCase(Locale.ROOT)).doesNotStartWith("anteroom")
          .doesNotStartWith("__host-anteroom");
        assertThat(cookie.replaceFirst("^[\\s=]+", "")).doesNotStartWith("anteroom=secret");
      }
    });
  }

  @Test
  void noRedirectLeadsABrowserOutOfItsStudentsPart() {
    Instance comfy = new Instance("gpu", URI.create("http://10.0.0.7:8188/comfy"), "gpu", 1);
    RedirectRewriter redirects = new RedirectRewriter(comfy, "/u/alice/");
    Fuzz.run("redirects", LOCATIONS, input -> redirects.rewrite(new String(input, UTF_8)).ifPresent(location ->
      assertThat(URI.create("http://localhost/u/alice/a/x").resolve(URI.create(location)).normalize().toString())
        .startsWith("http://localhost/u/alice/")));
  }

  @Test
  void everyRequestIsAnsweredOrHungUpOnAndNeverWithAnErrorOfOurs() throws IOException {
    LogLines complaints = new LogLines(Responses.class);
    try (EdgeFixture house = new EdgeFixture()) {
      int port = house.settings.http().port();

      Fuzz.run("requests", REQUESTS, input -> {
        String said = new String(input, ISO_8859_1);
        try (RawClient client = new RawClient(port)) {
          assertThat(client.canSay(said) ? client.ends().rest() : "").doesNotContain("HTTP/1.1 500 ");
        }
        assertThat(complaints.errors()).isEmpty();
      });

      assertThat(RawClient.ask(port,
        "GET /u/%E5%BC%A0%E4%B8%89/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .contains(" 200 ");
    } finally {
      complaints.close();
    }
  }
}
