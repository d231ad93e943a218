package io.anteroom.simulator.http;

import io.anteroom.simulator.execution.QueuedPrompt;
import io.anteroom.simulator.execution.SimulatedGuard;
import io.anteroom.simulator.validation.SimulatedInputValidator;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code /anteroom/guard}: the routes of the guard's custom node. */
public final class GuardRoutes {

  private static final String STATE = "/anteroom/guard";

  private final SimulatedGuard guard;

  public GuardRoutes(SimulatedGuard guard) {
    this.guard = guard;
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get(STATE, ctx -> SimulatorRoutes.answer(ctx, JsonObject.of(
      "version", 2, "wants_proof", guard.wantsProof(), "journal_kept", true)));
    routes.post(STATE + "/fence", this::fence);
    routes.get(STATE + "/journal/:task", this::journal);
  }

  /** The format of all refusals of the guard. */
  static void refuse(RoutingContext ctx, SimulatedGuard.Refusal refusal) {
    SimulatorRoutes.answer(ctx, refusal.status(), JsonObject.of(
      "error", SimulatedInputValidator.error(refusal.type(), refusal.message(), "", new JsonObject()),
      "node_errors", new JsonObject()));
  }

  private void fence(RoutingContext ctx) {
    JsonObject said = SimulatorRoutes.json(ctx) instanceof JsonObject object ? object : new JsonObject();
    if (!(said.getValue("task") instanceof String task && QueuedPrompt.isCanonical(task))
      || !SimulatedGuard.isAttempt(said.getValue("attempt"))) {
      refuse(ctx, new SimulatedGuard.Refusal(400, "invalid_fence",
        "task must be a canonical UUID and attempt a number from 1"));
    } else if (isProven(ctx, "fence", task, said.getInteger("attempt").toString())) {
      SimulatorRoutes.answer(ctx, JsonObject.of("accepts", guard.raise(task, said.getInteger("attempt"))));
    } else {
      refuse(ctx, SimulatedGuard.notThroughAnteroom());
    }
  }

  private void journal(RoutingContext ctx) {
    String task = ctx.pathParam("task");
    if (isProven(ctx, "journal", task)) {
      SimulatorRoutes.answer(ctx, guard.journal(task));
    } else {
      refuse(ctx, SimulatedGuard.notThroughAnteroom());
    }
  }

  private boolean isProven(RoutingContext ctx, String... said) {
    return guard.isProven(ctx.request().getHeader(SimulatedGuard.PROOF), said);
  }
}
