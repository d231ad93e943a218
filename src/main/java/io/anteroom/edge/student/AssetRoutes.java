package io.anteroom.edge.student;

import io.anteroom.bus.Bus;
import io.anteroom.bus.PageServices;
import io.anteroom.bus.PageServices.Hello;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.BodyReader;
import io.anteroom.edge.api.QueueRoutes;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.Responses;
import io.anteroom.http.Language;
import io.anteroom.http.WebAssets;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Serves what our script in a student's page loads, and takes what it reports. */
public final class AssetRoutes {
  private static final int MAX_VALUE_LENGTH = 64;

  private final Bus bus;
  private final OwnFiles files;
  private final BodyReader bodies;
  private final Settings.Page settings;

  public AssetRoutes(Bus bus, OwnFiles files, BodyReader bodies, Settings.Page settings) {
    this.bus = bus;
    this.files = files;
    this.bodies = bodies;
    this.settings = settings;
  }

  /** Who views the page, from which instance it comes, and where it is. */
  record Visit(Access visitor, Optional<Instance> instance, String prefix) {
  }

  Future<Void> handle(HttpServerRequest request, Visit visit, String name) {
    HttpMethod allowed = name.equals("hello") ? HttpMethod.POST : HttpMethod.GET;
    if (request.method() != allowed && !(allowed == HttpMethod.GET && request.method() == HttpMethod.HEAD)) {
      return Responses.notAllowed(request, allowed);
    }
    return switch (name) {
      case "hello" -> hello(request, visit);
      case "config.json" -> Responses.json(request, 200, configuration(request, visit.visitor()));
      default -> files.send(request, name);
    };
  }

  private JsonObject configuration(HttpServerRequest request, Access visitor) {
    User user = visitor.user();
    return new JsonObject()
      .put("user", user.name())
      .put("display_name", user.displayName())
      .put("only_looks", visitor.readOnly())
      .put("poll_interval_ms", settings.pollInterval().toMillis())
      .put("queue", QueueRoutes.ROOT)
      .put("user_query", "user=" + URLEncoder.encode(user.name(), StandardCharsets.UTF_8))
      .put("language", Language.of(request).tag());
  }

  private Future<Void> hello(HttpServerRequest request, Visit visit) {
    return bodies.with(request, visit.visitor().counted(),
        body -> bus.request(PageServices.HELLO, hello(visit, object(body.whole()))))
      .compose(done -> Responses.empty(request, 204));
  }

  private static Hello hello(Visit visit, JsonObject report) {
    return new Hello(visit.visitor().name(), visit.instance().map(Instance::name).orElse(""), text(report, "version"),
      text(report, "frontend"));
  }

  private static JsonObject object(Buffer body) {
    try {
      return body.toJsonObject();
    } catch (DecodeException | ClassCastException notAnObject) {
      throw EdgeErrors.notAnObject(body);
    }
  }

  private static String text(JsonObject report, String field) {
    String value = report.getValue(field) instanceof String text ? text : "";
    return value.length() > MAX_VALUE_LENGTH ? value.substring(0, MAX_VALUE_LENGTH) : value;
  }

  /** The files that we add to ComfyUI's page. */
  public static final class OwnFiles {
    private static final Map<String, String> TYPES = Map.of(
      "js", "text/javascript; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "html", "text/html; charset=utf-8",
      "svg", "image/svg+xml");

    private final WebAssets files;
    private final String version;

    public OwnFiles(WebAssets files) {
      this.files = files;
      this.version = "." + files.version() + ".";
    }

    /** Sends a file; a name with another version in it gets the current one. */
    Future<Void> send(HttpServerRequest request, String name) {
      return files.find(name).map(content -> send(request, name, content))
        .orElseGet(() -> Future.failedFuture(EdgeErrors.unknownPath(request.path())));
    }

    private Future<Void> send(HttpServerRequest request, String name, Buffer content) {
      request.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
        .putHeader(HttpHeaders.CACHE_CONTROL,
          name.contains(version) ? "public, max-age=31536000, immutable" : "no-cache");
      return Responses.send(request, content);
    }
  }
}
