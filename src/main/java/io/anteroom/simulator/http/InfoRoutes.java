package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.comfyui.Resource;
import io.anteroom.simulator.files.FileStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** The small endpoints that ComfyUI's page reads when it starts. */
public final class InfoRoutes {

  /** The content of every subgraph blueprint, whatever its name. */
  private static final String BLUEPRINT = Resource.bytes("blueprint.json").toString();

  private final ComfyVersion version;
  private final boolean assets;
  private final JsonObject settings = new JsonObject();

  public InfoRoutes(ComfyVersion version, boolean assets) {
    this.version = version;
    this.assets = assets;
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get("/features", ctx -> SimulatorRoutes.answer(ctx, version.serverFlags(assets)));
    version.constantAnswers().forEach(answer ->
      routes.get(answer.getKey(), ctx -> SimulatorRoutes.answer(ctx, answer.getValue())));
    routes.get("/global_subgraphs/:id", this::blueprint);
    routes.get("/models/:folder", this::models);
    routes.get("/experiment/models/:folder", this::models);
    routes.get("/view_metadata/:folder", ctx -> SimulatorRoutes.answerEmpty(ctx, 404));
    routes.get("/users", ctx -> SimulatorRoutes.answer(ctx, JsonObject.of("storage", "server", "migrated", false)));
    routes.post("/users", this::addUser);
    routes.get("/settings", ctx -> SimulatorRoutes.answer(ctx, settings));
    routes.post("/settings", this::mergeSettings);
    routes.get("/settings/:id", ctx -> SimulatorRoutes.answer(ctx, settings.getValue(ctx.pathParam("id"))));
    routes.post("/settings/:id", this::putSetting);
  }

  /** An unknown one is {@code null}, with status 200. */
  private void blueprint(RoutingContext ctx) {
    JsonObject known = version.constantAnswers().getJsonObject("/global_subgraphs", new JsonObject());
    JsonObject entry = known.getJsonObject(ctx.pathParam("id"));
    SimulatorRoutes.answer(ctx, entry == null ? null : entry.copy().put("data", BLUEPRINT));
  }

  private void models(RoutingContext ctx) {
    JsonArray folders = version.constantAnswers().getJsonArray("/models");
    if (folders.contains(ctx.pathParam("folder"))) {
      SimulatorRoutes.answer(ctx, new JsonArray());
    } else {
      SimulatorRoutes.answerEmpty(ctx, 404);
    }
  }

  private void addUser(RoutingContext ctx) {
    Object name = SimulatorRoutes.jsonObject(ctx).getValue("username");
    if (!(name instanceof String text)) {
      throw PythonError.key("username");
    }
    SimulatorRoutes.answer(ctx, text.replaceAll("[^a-zA-Z0-9-_]+", "-") + "_" + UUID.randomUUID());
  }

  private void mergeSettings(RoutingContext ctx) {
    settings.mergeIn(SimulatorRoutes.jsonObject(ctx));
    SimulatorRoutes.answerEmpty(ctx, 200);
  }

  private void putSetting(RoutingContext ctx) {
    settings.put(ctx.pathParam("id"), SimulatorRoutes.json(ctx));
    SimulatorRoutes.answerEmpty(ctx, 200);
  }

  /** {@code /internal}: used only by ComfyUI's own page. No twin under {@code /api}. */
  public static final class InternalRoutes {

    private final FileStore files;
    private final ComfyVersion version;
    private final Instant started;

    public InternalRoutes(FileStore files, ComfyVersion version, Clock clock) {
      this.files = files;
      this.version = version;
      this.started = clock.instant();
    }

    public void addTo(Router router) {
      router.get("/internal/logs").handler(ctx -> SimulatorRoutes.answer(ctx, started + " - " + firstLine()));
      router.get("/internal/logs/raw").handler(ctx -> SimulatorRoutes.answer(ctx, JsonObject.of(
        "entries", JsonArray.of(JsonObject.of("t", started.toString(), "m", firstLine())),
        "size", JsonObject.of("cols", 80, "rows", 24))));
      router.patch("/internal/logs/subscribe").handler(ctx -> SimulatorRoutes.answerEmpty(ctx, 200));
      router.get("/internal/folder_paths").handler(ctx -> SimulatorRoutes.answer(ctx, new JsonObject()));
      router.get("/internal/files/:folder").handler(ctx -> files.folder(ctx.pathParam("folder")).ifPresentOrElse(
        folder -> SimulatorRoutes.answer(ctx, new JsonArray(folder.paths().stream().sorted().toList())),
        () -> SimulatorRoutes.answer(ctx, 400, JsonObject.of("error", "Invalid directory type"))));
    }

    private String firstLine() {
      return "ComfyUI version: " + version + " (simulated)\n";
    }
  }
}
