package io.anteroom.simulator;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.http.SimulatorRoutes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * {@code /sim}: the ledger and fault injection for other processes. {@code ?instance=} addresses another instance of
 * the same simulator, so that one that is down can be brought up. Not affected by faults itself.
 */
final class ControlRoutes {

  private static final int PIECE = 64 * 1024;

  private final SimulatedComfy comfy;
  private final Simulator simulator;
  private final Map<String, BiFunction<SimulatedComfy, RoutingContext, Future<?>>> verbs = new TreeMap<>(Map.of(
    "goDown", (on, ctx) -> on.goDown(),
    "comeUp", (on, ctx) -> on.comeUp(),
    "restart", (on, ctx) -> on.restart(),
    "forgetEverything", (on, ctx) -> on.forgetEverything(),
    "hang", (on, ctx) -> on.hang(),
    "zombie", (on, ctx) -> on.zombie(),
    "stall", (on, ctx) -> on.stall(),
    "heal", (on, ctx) -> on.heal()));

  ControlRoutes(SimulatedComfy comfy, Simulator simulator) {
    this.comfy = comfy;
    this.simulator = simulator;
    verbs.put("slow", (on, ctx) -> on.slow((long) number(ctx, "ms")));
    verbs.put("loseAnswers", (on, ctx) -> on.loseAnswers((int) number(ctx, "n")));
    verbs.put("answer500ButEnqueue", (on, ctx) -> on.answer500ButEnqueue((int) number(ctx, "n")));
    verbs.put("answer500", (on, ctx) -> on.answer500((int) number(ctx, "n")));
    verbs.put("speed", (on, ctx) -> on.speed(number(ctx, "factor")));
    verbs.put("finish", (on, ctx) -> on.finish(text(ctx, "id", "")));
    verbs.put("fail", (on, ctx) -> on.fail(text(ctx, "id", ""), text(ctx, "message", "failed by order")));
  }

  void addTo(Router router) {
    router.get("/sim/ledger").handler(ctx -> SimulatorRoutes.answer(ctx, simulator.ledger().toJson()));
    router.get("/sim/concurrency")
      .handler(ctx -> SimulatorRoutes.answer(ctx, simulator.ledger().concurrency().toJson()));
    router.get("/sim/instances").handler(this::instances);
    router.get("/sim/objectInfo").handler(this::objectInfo);
    router.get("/sim/bytes").handler(this::bytes);
    router.post("/sim/:verb").handler(this::order);
  }

  private void instances(RoutingContext ctx) {
    JsonArray list = new JsonArray();
    simulator.instances().forEach(instance -> list.add(JsonObject.of(
      "instance", instance.name(), "url", instance.url(), "version", instance.version().toString())));
    SimulatorRoutes.answer(ctx, list);
  }

  private void objectInfo(RoutingContext ctx) {
    comfy.objectInfoRequests()
      .onSuccess(asked -> SimulatorRoutes.answer(ctx, JsonObject.of("whole", asked.whole(), "single", asked.single())))
      .onFailure(ctx::fail);
  }

  /** Responds before a fault that would cut its own connection. */
  private void order(RoutingContext ctx) {
    var verb = verbs.get(ctx.pathParam("verb"));
    SimulatedComfy on = simulator.find(text(ctx, "instance", comfy.name())).orElse(null);
    if (verb == null || on == null) {
      SimulatorRoutes.answer(ctx, 404, JsonObject.of("error", "no such verb or instance", "verbs",
        new JsonArray(verbs.keySet().stream().toList())));
      return;
    }
    boolean cutsUs = on == comfy && ctx.pathParam("verb").matches("goDown|restart");
    if (cutsUs) {
      ctx.response().putHeader("Connection", "close");
      ctx.addEndHandler(answered -> verb.apply(on, ctx).onFailure(ctx::fail));
      SimulatorRoutes.answer(ctx, JsonObject.of("done", true));
    } else {
      verb.apply(on, ctx)
        .onSuccess(result -> SimulatorRoutes.answer(ctx, JsonObject.of("done", !Boolean.FALSE.equals(result))))
        .onFailure(ctx::fail);
    }
  }

  /** Sends bytes as fast as the reader takes them, to test the path through a proxy. */
  private void bytes(RoutingContext ctx) {
    long size = (long) number(ctx, "size");
    ctx.response().putHeader("Content-Type", "application/octet-stream")
      .putHeader("Content-Length", String.valueOf(size));
    pour(ctx, size);
  }

  private void pour(RoutingContext ctx, long left) {
    long rest = left;
    while (rest > 0 && !ctx.response().writeQueueFull() && !ctx.response().closed()) {
      int piece = (int) Math.min(PIECE, rest);
      ctx.response().write(Buffer.buffer(new byte[piece])).onFailure(ctx::fail);
      rest -= piece;
    }
    long remaining = rest;
    if (remaining == 0) {
      ctx.response().end().onFailure(ctx::fail);
    } else if (!ctx.response().closed()) {
      ctx.response().drainHandler(drained -> pour(ctx, remaining));
    }
  }

  private static double number(RoutingContext ctx, String name) {
    return PythonText.toFloat(text(ctx, name, "1"));
  }

  private static String text(RoutingContext ctx, String name, String otherwise) {
    return ctx.queryParam(name).stream().findFirst().orElse(otherwise);
  }
}
