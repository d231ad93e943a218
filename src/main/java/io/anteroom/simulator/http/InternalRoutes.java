package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.execution.Files;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Instant;

/** {@code /internal}: what only ComfyUI's own page asks for. No twin under {@code /api}. */
public final class InternalRoutes {

  private final Files files;
  private final ComfyVersion version;
  private final Instant started;

  public InternalRoutes(Files files, ComfyVersion version, Clock clock) {
    this.files = files;
    this.version = version;
    this.started = clock.instant();
  }

  public void addTo(Router router) {
    router.get("/internal/logs").handler(ctx -> Routes.answer(ctx, started + " - " + firstLine()));
    router.get("/internal/logs/raw").handler(ctx -> Routes.answer(ctx, JsonObject.of(
      "entries", JsonArray.of(JsonObject.of("t", started.toString(), "m", firstLine())),
      "size", JsonObject.of("cols", 80, "rows", 24))));
    router.patch("/internal/logs/subscribe").handler(ctx -> Routes.answerEmpty(ctx, 200));
    router.get("/internal/folder_paths").handler(ctx -> Routes.answer(ctx, new JsonObject()));
    router.get("/internal/files/:folder").handler(ctx -> files.folder(ctx.pathParam("folder")).ifPresentOrElse(
      folder -> Routes.answer(ctx, new JsonArray(folder.paths().stream().sorted().toList())),
      () -> Routes.answer(ctx, 400, JsonObject.of("error", "Invalid directory type"))));
  }

  private String firstLine() {
    return "ComfyUI version: " + version + " (simulated)\n";
  }
}
