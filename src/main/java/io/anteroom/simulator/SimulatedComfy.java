package io.anteroom.simulator;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.http.FaultInjection;
import io.anteroom.simulator.http.SimulatedObjectInfoRoutes.ObjectInfoRequests;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ComfyUI without a GPU: its queue, history, sockets and one worker, on one event loop and one port. Its verbs
 * inject the faults of real ones. They may be called from any thread after the start, and have taken effect when their
 * future completes.
 */
public final class SimulatedComfy implements Deployable {

  private static final Logger log = LoggerFactory.getLogger(SimulatedComfy.class);

  private final Simulator simulator;
  private final String name;
  private final int port;
  private final Simulator.Options options;
  private final FaultInjection faults = new FaultInjection();
  private Context context;
  private ComfyProcess process;
  private HttpListener listener;

  SimulatedComfy(Simulator simulator, String name, int port, Simulator.Options options) {
    this.simulator = simulator;
    this.name = name;
    this.port = port;
    this.options = options;
  }

  public String name() {
    return name;
  }

  public ComfyVersion version() {
    return options.version();
  }

  Optional<Path> frontend() {
    return options.frontend();
  }

  public int port() {
    return listener.port();
  }

  /** Its URL without a trailing slash. */
  public String url() {
    return "http://%s:%d".formatted(options.host(), port());
  }

  @Override
  public Future<?> deploy(Context context) {
    this.context = context;
    Vertx vertx = context.owner();
    listener = new HttpListener(vertx, options.host(), port);
    process = new ComfyProcess(vertx, name, options, simulator);
    process.worker().onCrash(this::crash);
    return Site.of(this, simulator, process, faults).compose(listener::serve);
  }

  @Override
  public Future<?> undeploy(Context context) {
    process.forgetEverything();
    return listener.close();
  }

  /** Refuses new connections and drops existing ones; work continues. */
  public Future<Void> goDown() {
    return ask(listener::close);
  }

  /** Listens again on the same port. */
  public Future<Void> comeUp() {
    return ask(listener::open);
  }

  /** Restarts like a process: all sockets close, memory is lost, runs are killed. */
  public Future<Void> restart() {
    return goDown().compose(down -> forgetEverything()).compose(forgotten -> comeUp());
  }

  /** Loses queue, history, counter and runs, while sockets stay open. */
  public Future<Void> forgetEverything() {
    return inLoop(process::forgetEverything);
  }

  /** Accepts requests but answers none. */
  public Future<Void> hang() {
    return inLoop(() -> faults.hang(true));
  }

  /** How many requests were left unanswered so far. */
  public Future<Integer> hanging() {
    return ask(() -> Future.succeededFuture(faults.hanging()));
  }

  /** The number of waiting and running prompts. */
  public Future<Integer> prompts() {
    return ask(() -> Future.succeededFuture(
      process.queue().pending().size() + (process.queue().running().isPresent() ? 1 : 0)));
  }

  /** How often {@code /object_info} was requested as a whole, and for a single class. */
  public Future<ObjectInfoRequests> objectInfoRequests() {
    return ask(() -> Future.succeededFuture(process.objectInfo().requests()));
  }

  /** Delays every request before it is handled. */
  public Future<Void> slow(long millis) {
    return inLoop(() -> faults.slow(millis));
  }

  /** Queues the next prompts, but breaks the connection instead of answering. */
  public Future<Void> loseAnswers(int count) {
    return inLoop(() -> faults.loseAnswers(count));
  }

  /** Queues the next prompts, but answers 500. */
  public Future<Void> answer500ButEnqueue(int count) {
    return inLoop(() -> faults.spoilAnswers(count));
  }

  /** Answers 500 to the next prompts without queueing them, as with a full disk. */
  public Future<Void> answer500(int count) {
    return inLoop(() -> faults.refusePrompts(count));
  }

  /** Queues prompts but starts none, while HTTP works; the current run ends. */
  public Future<Void> stall() {
    return inLoop(process.worker()::pause);
  }

  /** Kills its worker while HTTP works: one prompt stays running forever and no other starts. */
  public Future<Void> zombie() {
    return inLoop(process.worker()::die);
  }

  /** Ends hang, slow, stall, and lost, corrupt or 500 responses. */
  public Future<Void> heal() {
    return inLoop(() -> {
      faults.heal();
      process.worker().resume();
    });
  }

  /** Sets the speed of its time: 1 real time, 10 ten times faster, 0 stopped. */
  public Future<Void> speed(double factor) {
    return inLoop(() -> process.worker().setSpeed(factor));
  }

  /** Completes the rest of this prompt at once. False if it is not running. */
  public Future<Boolean> finish(String promptId) {
    return ask(() -> Future.succeededFuture(process.worker().finish(promptId)));
  }

  /** Makes the current node of this prompt fail. False if it is not running. */
  public Future<Boolean> fail(String promptId, String message) {
    return ask(() -> Future.succeededFuture(process.worker().fail(promptId, message)));
  }

  private void crash() {
    process.forgetEverything();
    listener.close().onFailure(cause -> log.warn("A simulated crash left a port open: instance={}", name, cause));
  }

  private Future<Void> inLoop(Runnable verb) {
    return ask(() -> {
      verb.run();
      return Future.succeededFuture();
    });
  }

  private <T> Future<T> ask(Supplier<Future<T>> verb) {
    return Future.future(promise -> context.runOnContext(inside -> verb.get().onComplete(promise)));
  }
}
