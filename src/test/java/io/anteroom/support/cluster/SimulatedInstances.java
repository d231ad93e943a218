package io.anteroom.support.cluster;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.ledger.RunLedger;
import io.vertx.core.Vertx;

/** The simulated instances of a test, with the verbs of a scenario; each returns when it has happened. */
public final class SimulatedInstances implements AutoCloseable {

  private final Simulator simulator;

  public SimulatedInstances(Vertx vertx, Simulator.Options options) {
    simulator = new Simulator(vertx, options);
    done(simulator.start());
  }

  public SimulatedComfy instance(int index) {
    return simulator.instance(index);
  }

  public RunLedger ledger() {
    return simulator.ledger();
  }

  /** Waits until the prompt runs, on whichever instance. */
  public void awaitStarted(String promptId) {
    until(() -> ledger().hasStarted(promptId));
  }

  public void awaitEnded(String promptId) {
    until(() -> ledger().hasEnded(promptId));
  }

  /** Lets a prompt that runs end well, whatever time it would still take. */
  public void finish(String promptId) {
    awaitStarted(promptId);
    simulator.instances().forEach(instance -> done(instance.finish(promptId)));
    awaitEnded(promptId);
  }

  /** Lets a prompt that runs end in an error. */
  public void fail(String promptId) {
    awaitStarted(promptId);
    simulator.instances().forEach(instance -> done(instance.fail(promptId, "failed by the test")));
    awaitEnded(promptId);
  }

  @Override
  public void close() {
    done(simulator.stop());
  }
}
