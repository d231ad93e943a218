package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.execution.Machine;
import io.anteroom.simulator.execution.PromptQueue;
import io.anteroom.simulator.execution.QueuedPrompt;
import io.anteroom.simulator.execution.SimulatedGuard;
import io.anteroom.simulator.execution.Worker;
import io.anteroom.simulator.validation.PromptValidator;
import io.anteroom.simulator.validation.SimulatedInputValidator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /prompt}: numbers, validates and queues in ComfyUI's order, with its own bugs and injected faults. */
public final class SubmitRoute {

  /** Credentials of a comfy.org account: only for the nodes, so that neither queue nor history shows them. */
  private static final List<String> CREDENTIALS = List.of("auth_token_comfy_org", "api_key_comfy_org");

  private final Machine machine;
  private final PromptQueue queue;
  private final Worker worker;
  private final FaultInjection faults;
  private final Optional<SimulatedGuard> guard;

  public SubmitRoute(
      Machine machine, PromptQueue queue, Worker worker, FaultInjection faults, Optional<SimulatedGuard> guard) {
    this.machine = machine;
    this.queue = queue;
    this.worker = worker;
    this.faults = faults;
    this.guard = guard;
  }

  public void addTo(SimulatorRoutes routes) {
    routes.post("/prompt", ctx -> submit(ctx, false));
    guard.ifPresent(asked -> routes.post("/anteroom/guard/dry_run", ctx -> dryRun(ctx, asked)));
  }

  /** A submit without the queue. */
  private void dryRun(RoutingContext ctx, SimulatedGuard asked) {
    Object id = SimulatorRoutes.json(ctx) instanceof JsonObject body ? body.getValue("prompt_id") : null;
    if (!(id instanceof String task && QueuedPrompt.isCanonical(task))) {
      GuardRoutes.refuse(ctx, new SimulatedGuard.Refusal(400, "invalid_dry_run", "prompt_id must be a canonical UUID"));
    } else if (!asked.isProven(ctx.request().getHeader(SimulatedGuard.PROOF), "dry_run", task)) {
      GuardRoutes.refuse(ctx, SimulatedGuard.notThroughAnteroom());
    } else {
      submit(ctx, true);
    }
  }

  private void submit(RoutingContext ctx, boolean isDryRun) {
    Object said = SimulatorRoutes.json(ctx);
    JsonObject body = said instanceof JsonObject object ? object : emptyIfIterable(said);
    Number number = numberOf(body);
    if (!body.containsKey("prompt")) {
      refuse(ctx, "no_prompt", "No prompt provided", "No prompt provided");
      return;
    }
    String id = idOf(body);
    if (id == null) {
      refuse(ctx, "invalid_prompt_id", "prompt_id must be a canonical UUID",
        PythonText.str(body.getValue("prompt_id")));
      return;
    }
    JsonObject graph = graphOf(body.getValue("prompt"));
    PromptValidator.Verdict verdict = new PromptValidator(machine.version(), machine.catalog(), machine.files(), graph)
      .judge(body.getValue("partial_execution_targets"));
    Object extraData = extraDataOf(body);
    if (verdict.isAccepted() && isDryRun) {
      SimulatorRoutes.answer(ctx, JsonObject.of("accepted", true));
    } else if (verdict.isAccepted()) {
      enter(ctx, new QueuedPrompt(number, id, graph, extraData, verdict.outputs()), verdict.nodeErrors());
    } else {
      SimulatorRoutes.answer(ctx, 400, JsonObject.of("error", verdict.error(), "node_errors", verdict.nodeErrors()));
    }
  }

  private void enter(RoutingContext ctx, QueuedPrompt prompt, JsonObject nodeErrors) {
    objection(ctx, prompt).ifPresentOrElse(refusal -> GuardRoutes.refuse(ctx, refusal), () -> {
      if (faults.refusesThisPrompt()) {
        throw new PythonError("OSError", "[Errno 28] No space left on device");
      }
      put(prompt);
      accept(ctx, JsonObject.of("prompt_id", prompt.id(), "number", prompt.number(), "node_errors", nodeErrors));
    });
  }

  private Optional<SimulatedGuard.Refusal> objection(RoutingContext ctx, QueuedPrompt prompt) {
    return guard.flatMap(asked -> asked.objection(prompt, ctx.request().getHeader(SimulatedGuard.PROOF)));
  }

  private void put(QueuedPrompt prompt) {
    queue.put(prompt);
    worker.wake();
  }

  private void accept(RoutingContext ctx, JsonObject answer) {
    if (faults.losesThisAnswer()) {
      ctx.request().connection().close();
    } else if (faults.spoilsThisAnswer()) {
      throw new PythonError("RuntimeError", "the response was corrupted on purpose");
    } else {
      SimulatorRoutes.answer(ctx, answer);
    }
  }

  private static void refuse(RoutingContext ctx, String type, String message, String details) {
    SimulatorRoutes.answer(ctx, 400, JsonObject.of(
      "error", SimulatedInputValidator.error(type, message, details, new JsonObject()), "node_errors",
      new JsonObject()));
  }

  private Number numberOf(JsonObject body) {
    if (body.containsKey("number")) {
      return PythonText.toFloat(body.getValue("number"));
    }
    int number = queue.nextNumber();
    return PythonText.toBool(body.getValue("front")) ? -number : number;
  }

  /** The id for this prompt, or null if this version refuses the given one. */
  private String idOf(JsonObject body) {
    Object given = body.getValue("prompt_id");
    if (!machine.version().wantsCanonicalIds()) {
      return body.containsKey("prompt_id") ? PythonText.str(given) : UUID.randomUUID().toString();
    }
    if (given == null) {
      return UUID.randomUUID().toString();
    }
    return given instanceof String text && QueuedPrompt.isCanonical(text) ? text : null;
  }

  private static JsonObject graphOf(Object prompt) {
    if (prompt instanceof JsonObject graph) {
      return graph;
    }
    return emptyIfIterable(prompt instanceof JsonArray list && !list.isEmpty() ? null : prompt);
  }

  private Object extraDataOf(JsonObject body) {
    Object extraData = body.containsKey("extra_data") ? body.getValue("extra_data") : new JsonObject();
    boolean isTouched = body.containsKey("client_id") || machine.version().stampsCreateTime();
    if (!(extraData instanceof JsonObject extra)) {
      if (isTouched) {
        throw PythonError.type("'NoneType' object does not support item assignment");
      }
      return extraData;
    }
    if (body.containsKey("client_id")) {
      extra.put("client_id", body.getValue("client_id"));
    }
    if (machine.version().stampsCreateTime()) {
      extra.put("create_time", machine.clock().millis());
    }
    if (machine.version().hidesCredentials()) {
      CREDENTIALS.forEach(extra::remove);
    }
    return extra;
  }

  /** Python's {@code in} fails on anything but an object, list or string. */
  private static JsonObject emptyIfIterable(Object value) {
    if (value instanceof JsonArray || value instanceof String) {
      return new JsonObject();
    }
    throw PythonError.type("argument of type " + PythonText.repr(PythonText.typeName(value)) + " is not iterable");
  }
}
