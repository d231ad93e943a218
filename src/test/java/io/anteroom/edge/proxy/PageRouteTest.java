package io.anteroom.edge.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.PageServices;
import io.anteroom.bus.PageServices.Hello;
import io.anteroom.bus.PageServices.Page;
import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.http.WebAssets;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageRouteTest {
  private static final Map<String, String> HEADERS = Map.of("Content-Type", "text/html; charset=utf-8",
    "Cache-Control", "no-store", "Set-Cookie", "anteroom=x");

  private final EdgeFixture house = new EdgeFixture();
  private final List<PageQuestion> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  /** Trap 16: in every form in which a browser asks for the page. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/?a=%20b", "/index.html"})
  void thePageComesWithTheScript(String inner) {
    pageIs(new Page(200, HEADERS, Buffer.buffer("<html>页</html>"), true, false));

    Reply answer = house.get("/u/alice" + inner, "Sec-Fetch-Dest", "document");

    assertThat(answer.text()).isEqualTo("<html>页</html>");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("Set-Cookie")).isNull();
    assertThat(asked).containsExactly(new PageQuestion("gpu-01", inner, false));
    assertThat(house.comfy.asked()).isEmpty();
  }

  /** Only where a browser opens it our script runs; two programs raised the alarm that it does not. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "GET  | Accept: */*                                            | false",
    "GET  | Accept: text/html,application/xhtml+xml                | true",
    "GET  | Sec-Fetch-Dest: document, Sec-Fetch-Mode: navigate, Accept: text/html | true",
    "GET  | Sec-Fetch-Dest: document, Sec-Fetch-Mode: cors, Accept: text/html     | false",
    "GET  | Sec-Fetch-Dest: document, Sec-Fetch-Mode: navigate, Sec-Purpose: prefetch | false",
    "GET  | User-Agent: curl/8                                     | false",
    "HEAD | Accept: text/html                                      | false"})
  void whetherABrowserOpensItIsTold(String method, String headers, boolean document) {
    pageIs(new Page(200, HEADERS, Buffer.buffer("<html></html>"), true, false));

    house.ask(HttpMethod.valueOf(method), "/u/alice/", Buffer.buffer(), headers.split(": |, "));

    assertThat(asked).containsExactly(new PageQuestion("gpu-01", "/", document));
  }

  /** Trap 16: HEAD too. */
  @Test
  void headOfThePageHasTheHeadersOnly() {
    pageIs(new Page(200, HEADERS, Buffer.buffer("<html></html>"), true, false));

    Reply answer = house.ask(HttpMethod.HEAD, "/u/alice/", Buffer.buffer());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.body().length()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/, Sec-Fetch-Dest, iframe", "/, Sec-Fetch-Dest, empty", "/, Range, bytes=0-1",
    "/scripts/app.js, Sec-Fetch-Dest, document", "/view, Accept, text/html",
  })
  void whatIsNotThePageIsStreamed(String inner, String header, String value) {
    pageIs(new Page(200, HEADERS, Buffer.buffer("injected"), true, false));

    assertThat(house.get("/u/alice" + inner, header, value).text()).isEqualTo(inner);
    assertThat(asked).isEmpty();
  }

  @Test
  void aPageThatCannotBePreparedIsStreamed() {
    pageIs(new Page(0, Map.of(), Buffer.buffer(), false, true));

    assertThat(house.get("/u/alice/").text()).isEqualTo("/");
  }

  @Test
  void thePageIsStreamedWhenNobodyPreparesPages() {
    assertThat(house.get("/u/alice/").text()).isEqualTo("/");

    house.bus.serve(PageServices.PAGE, question ->
      Future.failedFuture(ApiException.of(ApiException.Code.INSTANCE_SLOW, "slow", "慢")));
    assertThat(house.get("/u/alice/?x").text()).isEqualTo("/?x");
  }

  @Test
  void theScriptIsTold() {
    Reply answer = house.get("/u/%E5%BC%A0%E4%B8%89/_anteroom/config.json", "Accept-Language", "zh-CN");

    assertThat(answer.json()).isEqualTo(new JsonObject()
      .put("user", "张三").put("display_name", "张三").put("only_looks", false).put("poll_interval_ms", 3000)
      .put("queue", "/api/v1/comfy/queue").put("user_query", "user=%E5%BC%A0%E4%B8%89").put("language", "zh"));
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(house.get("/u/carol/_anteroom/config.json").status()).isEqualTo(200);
  }

  @Test
  void theScriptSaysHello() {
    List<Hello> hellos = new CopyOnWriteArrayList<>();
    house.bus.serve(PageServices.HELLO, hello -> {
      hellos.add(hello);
      return Future.succeededFuture();
    });

    Reply answer = house.post("/u/alice/_anteroom/hello", "{\"version\":\"abc\",\"frontend\":7}");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(hellos).containsExactly(new Hello("alice", "gpu-01", "abc", ""));
    assertThat(house.post("/u/alice/_anteroom/hello", "[]").error()).isEqualTo("invalid_request");
    assertThat(house.get("/u/alice/_anteroom/hello").status()).isEqualTo(405);
  }

  @Test
  void ownFilesAreServedForEverUnderTheirHash() {
    Reply plain = house.get("/u/alice/_anteroom/boot.js");
    Reply hashed = house.get("/u/alice/_anteroom/" + new WebAssets().bootName());
    Reply old = house.get("/u/alice/_anteroom/boot.0123456789.js");

    assertThat(plain.text()).contains("fetch").isEqualTo(hashed.text()).isEqualTo(old.text());
    assertThat(plain.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(plain.header("Cache-Control")).isEqualTo("no-cache").isEqualTo(old.header("Cache-Control"));
    assertThat(hashed.header("Cache-Control")).contains("immutable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none.js", "..%2Flogback-test.xml", "boot.js%00", "a/boot.js", "BOOT.js", "", "boot"})
  void otherFilesAreNot(String name) {
    assertThat(house.get("/u/alice/_anteroom/" + name).error()).isIn("unknown_path", "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/extensions", "/u/alice/api/extensions"})
  void ourModuleIsAmongTheExtensionsThatThePageLoads(String uri) {
    house.comfy.answers("/extensions", request -> request.response().end("[\"/extensions/pack/x.js\"]"));

    JsonArray extensions = new JsonArray(house.get(uri).text());

    assertThat(extensions.getString(0)).isEqualTo("/extensions/pack/x.js");
    assertThat(extensions.getString(1)).matches("/_anteroom/extension\\.[0-9a-f]{10}\\.js");
    assertThat(house.get("/u/alice" + extensions.getString(1)).text()).contains("/boot.");
  }

  @Test
  void aListOfExtensionsThatIsNoneIsStreamed() {
    house.comfy.answers("/extensions", request -> request.response().end("{}"));

    assertThat(house.get("/u/alice/extensions").text()).isEqualTo("{}");
  }

  private void pageIs(Page page) {
    house.bus.serve(PageServices.PAGE, question -> {
      asked.add(question);
      return Future.succeededFuture(page);
    });
  }
}
