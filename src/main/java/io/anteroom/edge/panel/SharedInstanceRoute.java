package io.anteroom.edge.panel;

import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.panel.PanelRoutes.Panel;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.http.Language;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Enforces object-level authorization (OWASP API1) on an instance that several students share: at ComfyUI everything
 * has one owner. Objects with a known owner are shown to that owner alone; routes to objects without one are rejected,
 * in the error format of the route. The table of all routes is {@code src/docs/shared-instances.md}.
 */
public final class SharedInstanceRoute implements InstancePart {
  private static final JsonObject NO_LOGS = new JsonObject().put("entries", new JsonArray())
    .put("size", new JsonObject().put("cols", 80).put("rows", 24));

  /** ComfyUI doubles its routes below {@code /api}, also those that begin with it. */
  private static final String TWINS = "(?:/api)*";
  private static final Pattern FILES = Pattern.compile(TWINS + "/internal/files/(output|temp)/?");
  /** The page's own files are below {@code /assets} too, but never below {@code /api/assets}. */
  private static final Pattern ASSETS = Pattern.compile("(?:/api)+/(assets|tags|tasks)(/.*)?");
  private static final Pattern DOWNLOADS = Pattern.compile(TWINS + "/models/download(/.*)?");
  private static final Pattern USERS = Pattern.compile(TWINS + "/users/?");
  /** A fork's runs and their images, by an id of its own. */
  private static final Pattern FORKS_RUNS = Pattern.compile(TWINS + "/v1/prompts(/.*)?");

  /** ComfyUI-Manager's, of both generations: it installs, restarts, and stores passwords for sharing. */
  private static final Pattern MANAGER =
    Pattern.compile(TWINS + "(?:/v2)?/(manager|customnode|snapshot|comfyui_manager|externalmodel)(/.*)?");
  private static final Pattern MANAGER_READS = Pattern.compile(TWINS + "(?:/v2)?/(manager/(version|notice|queue/status"
    + "|is_legacy_manager_ui)|customnode/(getmappings|getlist|installed|alternatives|(disabled_)?versions/[^/]+)"
    + "|snapshot/(getlist|get_current)|comfyui_manager/comfyui_versions|externalmodel/getlist)");
  /** In the first generation a query sets the value. */
  private static final Pattern MANAGER_SETTINGS = Pattern.compile(TWINS + "(?:/v2)?/manager/(db_mode|preview_method"
    + "|channel_url_list|badge_mode|policy/\\w+)");
  private static final Pattern MANAGER_QUERIES =
    Pattern.compile(TWINS + "(?:/v2)?/customnode/import_fail_info(_bulk)?");

  private final Panel panel;

  public SharedInstanceRoute(Panel panel) {
    this.panel = panel;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RequestContext context, RawUri uri) {
    if (!context.shared()) {
      return Optional.empty();
    }
    String path = uri.meaning();
    return emptyAnswer(request, path)
      .or(() -> ownFiles(request, context, path))
      .or(() -> rejection(request, context, uri, path));
  }

  /** Answers as ComfyUI would if there were nothing: pages request these by themselves. */
  private static Optional<Supplier<Future<Void>>> emptyAnswer(HttpServerRequest request, String path) {
    return switch (path.replaceFirst("^(/api)+(?=/)", "").replaceFirst("(?<=.)/$", "")) {
      case "/internal/logs" -> Optional.of(() -> Responses.json(request, 200, Buffer.buffer("\"\"")));
      case "/internal/logs/raw" -> Optional.of(() -> Responses.json(request, 200, NO_LOGS));
      case "/internal/logs/subscribe", "/free" -> Optional.of(() -> Responses.empty(request, 200));
      default -> Optional.empty();
    };
  }

  private Optional<Supplier<Future<Void>>> ownFiles(HttpServerRequest request, RequestContext context, String path) {
    Matcher files = FILES.matcher(path);
    return files.matches() && HttpMethods.isRead(request.method())
      ? Optional.of(() -> panel.files(context, files.group(1))
        .compose(own -> Responses.json(request, 200, own.toBuffer())))
      : Optional.empty();
  }

  private static Optional<Supplier<Future<Void>>> rejection(HttpServerRequest request, RequestContext context,
      RawUri uri, String path) {
    ApiException rejection = EdgeErrors.onSharedInstance(context.home().name(), uri.path());
    if (ASSETS.matcher(path).matches()) {
      return Optional.of(() -> Responses.json(request, rejection.code().status(), assetError(request, rejection)));
    }
    if (DOWNLOADS.matcher(path).matches() || USERS.matcher(path).matches() && !HttpMethods.isRead(request.method())) {
      return Optional.of(() -> Responses.json(request, rejection.code().status(),
        new JsonObject().put("error", Language.of(request).sentence(rejection))));
    }
    return FORKS_RUNS.matcher(path).matches() || changesByManager(request, uri, path)
      ? Optional.of(() -> Future.failedFuture(rejection)) : Optional.empty();
  }

  /** In the shape of ComfyUI's own {@code app/assets}, whose clients read {@code code}. */
  private static JsonObject assetError(HttpServerRequest request, ApiException rejection) {
    return new JsonObject().put("error", new JsonObject()
      .put("code", rejection.code().name())
      .put("message", Language.of(request).sentence(rejection))
      .put("details", new JsonObject()
        .put("message_en", rejection.english())
        .put("message_zh", rejection.chinese())));
  }

  private static boolean changesByManager(HttpServerRequest request, RawUri uri, String path) {
    boolean allowed = HttpMethods.isRead(request.method())
      ? MANAGER_READS.matcher(path).matches()
        || MANAGER_SETTINGS.matcher(path).matches() && uri.query().length() <= 1
      : HttpMethods.isPost(request.method()) && MANAGER_QUERIES.matcher(path).matches();
    return MANAGER.matcher(path).matches() && !allowed;
  }
}
