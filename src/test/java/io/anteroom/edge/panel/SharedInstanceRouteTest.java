package io.anteroom.edge.panel;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each route of ComfyUI on a shared instance (alice's), and on an instance of one's own (dora's). */
class SharedInstanceRouteTest {
  private static final String ID = "6f1c0a52-0000-4000-8000-000000000001";
  private static final List<Path> PAGES =
    List.of(Path.of("src/docs/shared-instances.md"), Path.of("src/docs/shared-instances.zh-CN.md"));
  private static EdgeFixture house;

  @BeforeAll
  static void open() {
    house = new EdgeFixture();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  /** What a request to a route ends in: the shape of its refusal, or the empty answer. */
  private enum Shape {
    CODE, TEXT, TYPE, EMPTY
  }

  @Attack(33)
  @ParameterizedTest
  @CsvSource({
    "GET, /api/assets, CODE", "GET, /api/assets?include_tags=output&limit=500, CODE", "POST, /api/assets, CODE",
    "HEAD, /api/assets/hash/blake3:00, CODE", "GET, /api/assets/" + ID + ", CODE", "PUT, /api/assets/" + ID + ", CODE",
    "DELETE, /api/assets/" + ID + ", CODE", "delete, /api/assets/" + ID + ", CODE",
    "GET, /api/assets/" + ID + "/content, CODE", "POST, /api/assets/" + ID + "/tags, CODE",
    "DELETE, /api/assets/" + ID + "/tags, CODE", "POST, /api/assets/from-hash, CODE", "POST, /api/assets/seed, CODE",
    "GET, /api/assets/seed/status, CODE", "POST, /api/assets/seed/cancel, CODE", "POST, /api/assets/prune, CODE",
    "GET, /api/assets/tags/refine, CODE", "POST, /api/assets/download, CODE", "POST, /api/assets/export, CODE",
    "GET, /api/assets/exports/a.zip, CODE", "GET, /api/assets/, CODE", "GET, /api/%61ssets, CODE",
    "GET, /api//assets, CODE", "GET, /api/api/assets, CODE",
    "GET, /api/tags, CODE", "GET, /api/tags/, CODE", "GET, /api/tasks/" + ID + ", CODE",
    "DELETE, /api/tasks/" + ID + ", CODE",
    "POST, /models/download, TEXT", "POST, /api/models/download, TEXT", "GET, /api/models/download/1, TEXT",
    "POST, /users, TEXT", "POST, /api/users, TEXT", "PATCH, /api/users, TEXT",
    "GET, /api/v1/prompts/" + ID + ", TYPE", "GET, /v1/prompts, TYPE",
    "POST, /v2/manager/reboot, TYPE", "GET, /manager/reboot, TYPE", "GET, /api/manager/reboot, TYPE",
    "POST, /v2/manager/queue/task, TYPE", "GET, /v2/manager/queue/history, TYPE", "POST, /v2/snapshot/restore, TYPE",
    "POST, /v2/customnode/install/pip, TYPE", "POST, /customnode/install/git_url, TYPE",
    "GET, /snapshot/restore?target=a, TYPE", "GET, /v2/manager/get_openart_auth, TYPE",
    "GET, /manager/db_mode?value=local, TYPE", "POST, /v2/manager/db_mode, TYPE",
    "POST, /v2/comfyui_manager/comfyui_switch_version, TYPE", "GET, /customnode/fetch_updates, TYPE",
    "GET, /internal/logs, EMPTY", "GET, /internal/logs/raw, EMPTY", "PATCH, /internal/logs/subscribe, EMPTY",
    "POST, /free, EMPTY", "POST, /api/free, EMPTY", "POST, /api/%66ree, EMPTY"})
  void whatIsEverybodysIsRefusedOnASharedInstanceAndFreeOnOnesOwn(String method, String path, Shape shape) {
    int before = house.comfy.asked().size();
    Reply shared = ask(method, "/u/alice" + path);

    assertThat(house.comfy.asked()).hasSize(before);
    assertThat(shared.status()).isEqualTo(shape == Shape.EMPTY ? 200 : 403);
    if (shape != Shape.EMPTY && !method.equals("HEAD")) {
      assertThat(sentence(shared, shape)).contains("share", "gpu-01");
      assertThat(sentence(ask(method, "/u/alice" + path, "Accept-Language", "zh"), shape)).contains("共用");
    }
    assertThat(ask(method, "/u/dora" + path).status()).isEqualTo(200);
    assertThat(house.comfy.lastAsked().uri()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/settings", "POST, /api/settings/Comfy.X", "GET, /api/userdata?dir=workflows",
    "POST, /api/userdata/workflows%2Fa.json", "DELETE, /api/userdata/workflows%2Fa.json", "GET, /api/users",
    "GET, /api/view?filename=a.png&type=output", "POST, /upload/image", "POST, /api/upload/mask",
    "GET, /internal/files/input", "GET, /internal/folder_paths", "GET, /api/models", "GET, /api/models/loras",
    "GET, /api/experiment/models", "GET, /api/view_metadata/loras?filename=a", "GET, /api/global_subgraphs",
    "GET, /api/node_replacements", "GET, /api/workflow_templates", "GET, /api/i18n", "GET, /api/embeddings",
    "GET, /api/system_stats", "GET, /api/features", "GET, /assets/index-1.js", "GET, /assets/images/a.svg",
    "GET, /v2/customnode/installed", "GET, /customnode/getmappings?mode=cache", "GET, /v2/manager/queue/status",
    "GET, /manager/version", "GET, /v2/snapshot/getlist", "GET, /v2/manager/db_mode",
    "POST, /v2/customnode/import_fail_info_bulk", "GET, /customnode/versions/a",
    "GET, /mtb/status", "POST, /easyuse/cleangpu", "GET, /api/pysssss/autocomplete", "GET, /managers", "GET, /tags"})
  void whatAPageNeedsPassesOnASharedInstance(String method, String path) {
    assertThat(ask(method, "/u/alice" + path).status()).isEqualTo(200);
    assertThat(house.comfy.lastAsked().uri()).isEqualTo(path);
  }

  /** Every route that the tests above name stands in the table of the page that explains them. */
  @ParameterizedTest
  @MethodSource("documented")
  void theDocumentationNamesTheRoute(String route) throws IOException {
    for (Path page : PAGES) {
      assertThat(Files.readString(page)).contains("`" + route + "`");
    }
  }

  static Stream<String> documented() {
    return Stream.of("/api/assets", "/api/tags", "/api/tasks", "/models/download", "/users", "/v1/prompts", "/free",
      "/internal/logs", "/internal/files/output", "/internal/files/input", "/internal/folder_paths", "/settings",
      "/userdata", "/view", "/upload/image", "/models", "/global_subgraphs", "/node_replacements", "/queue", "/history",
      "/api/jobs", "/interrupt", "/prompt", "/object_info", "/ws", "/v2/manager", "/customnode", "/system_stats");
  }

  private static String sentence(Reply reply, Shape shape) {
    return switch (shape) {
      case CODE -> {
        JsonObject error = reply.json().getJsonObject("error");
        assertThat(error.fieldNames()).containsExactlyInAnyOrderElementsOf(List.of("code", "message", "details"));
        assertThat(error.getString("code")).isEqualTo("SHARED_INSTANCE");
        assertThat(error.getJsonObject("details").getString("message_zh")).isNotBlank();
        yield error.getString("message");
      }
      case TEXT -> reply.json().getString("error");
      default -> {
        assertThat(reply.error()).isEqualTo("SHARED_INSTANCE".toLowerCase(Locale.ROOT));
        yield reply.json().getJsonObject("error").getString("message");
      }
    };
  }

  private static Reply ask(String method, String uri, String... headers) {
    return house.ask(HttpMethod.valueOf(method), uri, Buffer.buffer(), headers);
  }
}
