package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.execution.PromptQueue;
import io.anteroom.simulator.execution.Worker;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** {@code /queue}, {@code /history}, {@code /interrupt} and {@code /free}. */
public final class SimulatedQueueRoutes {

  private final PromptQueue queue;
  private final Worker worker;

  public SimulatedQueueRoutes(PromptQueue queue, Worker worker) {
    this.queue = queue;
    this.worker = worker;
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get("/prompt", ctx -> SimulatorRoutes.answer(ctx, queue.length()));
    routes.get("/queue", ctx -> SimulatorRoutes.answer(ctx, queue.toJson()));
    routes.post("/queue", ctx -> change(ctx, queue::clear, queue::delete));
    routes.get("/history", ctx -> SimulatorRoutes.answer(ctx,
      queue.history().toJson(number(ctx, "max_items"), number(ctx, "offset"))));
    routes.get("/history/:id", ctx -> SimulatorRoutes.answer(ctx, queue.history().toJson(ctx.pathParam("id"))));
    routes.post("/history", ctx -> change(ctx, queue.history()::clear, queue.history()::delete));
    routes.post("/interrupt", this::interrupt);
    routes.post("/free", this::free);
  }

  private void change(RoutingContext ctx, Runnable clear, Consumer<Object> delete) {
    JsonObject body = SimulatorRoutes.jsonObject(ctx);
    if (PythonText.toBool(body.getValue("clear"))) {
      clear.run();
    }
    if (body.containsKey("delete")) {
      if (!(body.getValue("delete") instanceof JsonArray ids)) {
        throw PythonError.type("object is not iterable");
      }
      ids.forEach(delete);
    }
    SimulatorRoutes.answerEmpty(ctx, 200);
  }

  /** A body that is not JSON counts as absent; JSON that is not an object is an error. */
  private void interrupt(RoutingContext ctx) {
    Object id = body(ctx).getValue("prompt_id");
    if (!PythonText.toBool(id) || queue.isRunning(id)) {
      worker.interrupt();
    }
    SimulatorRoutes.answerEmpty(ctx, 200);
  }

  private static JsonObject body(RoutingContext ctx) {
    Object body = new JsonObject();
    try {
      body = ctx.body().length() > 0 ? Json.decodeValue(ctx.body().buffer()) : body;
    } catch (DecodeException e) {
      return new JsonObject();
    }
    if (body instanceof JsonObject object) {
      return object;
    }
    throw PythonError.type("object has no attribute 'get'");
  }

  private void free(RoutingContext ctx) {
    SimulatorRoutes.jsonObject(ctx);
    SimulatorRoutes.answerEmpty(ctx, 200);
  }

  private static OptionalInt number(RoutingContext ctx, String name) {
    List<String> given = ctx.queryParam(name);
    return given.isEmpty() ? OptionalInt.empty() : OptionalInt.of(PythonText.toInt(given.get(0)).intValue());
  }
}
