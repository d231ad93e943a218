package io.anteroom.simulator;

import io.anteroom.simulator.execution.Machine;
import io.anteroom.simulator.execution.PromptQueue;
import io.anteroom.simulator.execution.SimulatedGuard;
import io.anteroom.simulator.execution.Sockets;
import io.anteroom.simulator.execution.Worker;
import io.anteroom.simulator.http.SimulatedObjectInfoRoutes;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The in-memory state of one ComfyUI, lost when it ends. */
final class ComfyProcess {

  private final Machine machine;
  private final PromptQueue queue;
  private final Worker worker;
  private final SimulatedObjectInfoRoutes objectInfo;
  /** The exception: stored on disk. */
  private final Optional<SimulatedGuard> guard;

  ComfyProcess(Vertx vertx, String instance, Simulator.Options options, Simulator simulator) {
    machine = Machine.of(vertx, simulator.clock(), options.version(), simulator.catalog(), options.assets());
    objectInfo = new SimulatedObjectInfoRoutes(machine, options.packs().listingTime());
    guard = options.guard().map(SimulatedGuard::new);
    queue = new PromptQueue(machine.sockets(), guard);
    worker = new Worker(instance, machine, queue, simulator.ledger(), options.speed());
  }

  Machine machine() {
    return machine;
  }

  PromptQueue queue() {
    return queue;
  }

  Worker worker() {
    return worker;
  }

  Optional<SimulatedGuard> guard() {
    return guard;
  }

  SimulatedObjectInfoRoutes objectInfo() {
    return objectInfo;
  }

  void forgetEverything() {
    worker.restart();
    queue.forget();
    machine.cache().clear();
    machine.files().forgetTemporary();
  }

  /** The first message of a new socket. */
  Sockets.Greeting greeting() {
    return new Sockets.Greeting() {

      @Override
      public JsonObject status() {
        return JsonObject.of("status", queue.length());
      }

      @Override
      public JsonObject serverFlags() {
        return machine.version().serverFlags(machine.files().assets().isPresent());
      }

      @Override
      public Optional<String> nowExecuting(String clientId) {
        return worker.nodeNow(clientId);
      }
    };
  }
}
