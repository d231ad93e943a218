package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.Resource;
import io.anteroom.simulator.files.FileStore;
import io.anteroom.simulator.files.FileStore.StoredFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page and its files, and the response to unknown paths. */
public final class PageRoutes {

  private static final Map<String, Buffer> BUILT_IN = read(
    "index.html", "assets/main.js", "assets/session.js", "assets/workflows.js", "assets/style.css",
    "scripts/app.js", "scripts/api.js");

  private final ComfyVersion version;
  private final Map<String, StoredFile> files = new HashMap<>();

  public PageRoutes(ComfyVersion version, Clock clock) {
    this.version = version;
    BUILT_IN.forEach((path, content) -> files.put(path, StoredFile.of(content, clock.instant())));
  }

  /** Serves the page of a real front end instead of the built-in one. */
  public void showPage(StoredFile page) {
    files.put("/index.html", page);
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get("/", this::page);
  }

  public void anythingElse(RoutingContext ctx, SimulatorRoutes routes) {
    boolean reads = ctx.request().method() == HttpMethod.GET || ctx.request().method() == HttpMethod.HEAD;
    StoredFile file = files.get(ctx.request().path());
    if (reads && file != null) {
      FileResponse.send(ctx, file, FileStore.typeOf(ctx.request().path()));
    } else if (reads) {
      ctx.response().setStatusCode(404).setChunked(true).putHeader("Content-Type", "application/octet-stream")
        .end()
        .onFailure(ctx::fail);
    } else {
      ctx.response().headers().remove("Content-Security-Policy");
      ctx.response().putHeader("Allow", routes.allowed(ctx.request().path()));
      SimulatorRoutes.answerText(ctx, 405, "405: Method Not Allowed");
    }
  }

  private void page(RoutingContext ctx) {
    ctx.response()
      .putHeader("Cache-Control", version.pageCacheControl())
      .putHeader("Pragma", "no-cache")
      .putHeader("Expires", "0");
    FileResponse.send(ctx, files.get("/index.html"), "text/html");
  }

  private static Map<String, Buffer> read(String... names) {
    Map<String, Buffer> files = new HashMap<>();
    List.of(names).forEach(name -> files.put("/" + name, Resource.bytes(name)));
    return files;
  }
}
