package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.PythonError;
import io.anteroom.simulator.comfyui.Resource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** The small endpoints that ComfyUI's page reads when it starts. */
public final class InfoRoutes {

  /** What every blueprint of a subgraph holds here, whatever its name. */
  private static final String BLUEPRINT = Resource.bytes("blueprint.json").toString();

  private final ComfyVersion version;
  private final boolean assets;
  private final JsonObject settings = new JsonObject();

  public InfoRoutes(ComfyVersion version, boolean assets) {
    this.version = version;
    this.assets = assets;
  }

  public void addTo(Routes routes) {
    routes.get("/features", ctx -> Routes.answer(ctx, version.serverFlags(assets)));
    version.constantAnswers().forEach(answer ->
      routes.get(answer.getKey(), ctx -> Routes.answer(ctx, answer.getValue())));
    routes.get("/global_subgraphs/:id", this::blueprint);
    routes.get("/models/:folder", this::models);
    routes.get("/experiment/models/:folder", this::models);
    routes.get("/view_metadata/:folder", ctx -> Routes.answerEmpty(ctx, 404));
    routes.get("/users", ctx -> Routes.answer(ctx, JsonObject.of("storage", "server", "migrated", false)));
    routes.post("/users", this::addUser);
    routes.get("/settings", ctx -> Routes.answer(ctx, settings));
    routes.post("/settings", this::mergeSettings);
    routes.get("/settings/:id", ctx -> Routes.answer(ctx, settings.getValue(ctx.pathParam("id"))));
    routes.post("/settings/:id", this::putSetting);
  }

  /** One that nobody knows is {@code null}, with status 200. */
  private void blueprint(RoutingContext ctx) {
    JsonObject known = version.constantAnswers().getJsonObject("/global_subgraphs", new JsonObject());
    JsonObject entry = known.getJsonObject(ctx.pathParam("id"));
    Routes.answer(ctx, entry == null ? null : entry.copy().put("data", BLUEPRINT));
  }

  private void models(RoutingContext ctx) {
    JsonArray folders = version.constantAnswers().getJsonArray("/models");
    if (folders.contains(ctx.pathParam("folder"))) {
      Routes.answer(ctx, new JsonArray());
    } else {
      Routes.answerEmpty(ctx, 404);
    }
  }

  private void addUser(RoutingContext ctx) {
    Object name = Routes.jsonObject(ctx).getValue("username");
    if (!(name instanceof String text)) {
      throw PythonError.key("username");
    }
    Routes.answer(ctx, text.replaceAll("[^a-zA-Z0-9-_]+", "-") + "_" + UUID.randomUUID());
  }

  private void mergeSettings(RoutingContext ctx) {
    settings.mergeIn(Routes.jsonObject(ctx));
    Routes.answerEmpty(ctx, 200);
  }

  private void putSetting(RoutingContext ctx) {
    settings.put(ctx.pathParam("id"), Routes.json(ctx));
    Routes.answerEmpty(ctx, 200);
  }
}
