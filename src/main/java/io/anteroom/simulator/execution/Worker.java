package io.anteroom.simulator.execution;

import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.ledger.RunLedger;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the waiting prompts one at a time, like ComfyUI's single worker thread, and may die like it. */
public final class Worker {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final String instance;
  private final Machine machine;
  private final PromptQueue queue;
  private final RunLedger ledger;
  private final Context context;
  private Optional<Execution> current = Optional.empty();
  private Runnable crash = () -> { };
  private long run;
  private double speed;
  private boolean interruptWanted;
  private boolean diesWithNext;
  private boolean isDead;
  private boolean isPaused;

  public Worker(String instance, Machine machine, PromptQueue queue, RunLedger ledger, double speed) {
    this.instance = instance;
    this.machine = machine;
    this.queue = queue;
    this.ledger = ledger;
    this.speed = speed;
    this.context = machine.vertx().getOrCreateContext();
  }

  /** Called if an event cannot be sent: ComfyUI's whole process ends. */
  public void onCrash(Runnable crash) {
    this.crash = crash;
  }

  /** Starts the next prompt, if there is one. */
  public void wake() {
    context.runOnContext(woken -> {
      if (current.isEmpty() && !isDead && !isPaused) {
        next();
      }
    });
  }

  double speed() {
    return speed;
  }

  public void setSpeed(double speed) {
    this.speed = speed;
    current.ifPresent(execution -> execution.setSpeed(speed));
  }

  boolean isInterruptWanted() {
    return interruptWanted;
  }

  /** Ends the current run at its next tick or node; cleared when the next prompt starts. */
  public void interrupt() {
    interruptWanted = true;
  }

  public Optional<String> nodeNow(String clientId) {
    return current.filter(execution -> execution.events().isOwnedBy(clientId)).flatMap(Execution::nodeNow);
  }

  public boolean finish(String id) {
    return withRunning(id, Execution::hurry);
  }

  public boolean fail(String id, String message) {
    return withRunning(id, execution -> execution.failNow(message));
  }

  /** Dies: the current or next prompt stays running in the queue and never ends. */
  public void die() {
    isDead = current.isPresent();
    diesWithNext = !isDead;
    abandon();
  }

  /** Starts no further prompt; the current run continues. */
  public void pause() {
    isPaused = true;
  }

  public void resume() {
    isPaused = false;
    wake();
  }

  /** Resets the worker, as in a new process. */
  public void restart() {
    abandon();
    isDead = false;
    isPaused = false;
    diesWithNext = false;
    interruptWanted = false;
  }

  void over(Execution execution, Run.Outcome outcome, JsonObject entry) {
    current = Optional.empty();
    ledger.end(run, outcome);
    queue.done(execution.prompt().id(), entry);
    execution.events().over();
    wake();
  }

  private void next() {
    try {
      Optional<QueuedPrompt> taken = queue.take();
      isDead = diesWithNext && taken.isPresent();
      if (!isDead) {
        taken.ifPresent(this::start);
      }
    } catch (PythonError e) {
      log.debug("A simulated worker died: instance={} cause={}", instance, e.getMessage());
      isDead = true;
    }
  }

  private void start(QueuedPrompt prompt) {
    if (!(prompt.extraData() instanceof JsonObject)) {
      throw PythonError.type("argument of type 'NoneType' is not iterable");
    }
    Execution execution;
    try {
      execution = new Execution(machine, this, prompt);
    } catch (PythonError e) {
      log.debug("A simulated instance crashed: instance={} cause={}", instance, e.getMessage());
      crash.run();
      return;
    }
    current = Optional.of(execution);
    run = ledger.begin(instance, prompt.id(), prompt.clientId(), prompt.anteroom());
    interruptWanted = false;
    execution.begin();
  }

  private void abandon() {
    current.ifPresent(Execution::abandon);
    current = Optional.empty();
    ledger.end(run, Run.Outcome.KILLED);
  }

  private boolean withRunning(String id, Consumer<Execution> verb) {
    Optional<Execution> running = current.filter(execution -> execution.prompt().id().equals(id));
    running.ifPresent(verb);
    return running.isPresent();
  }
}
