package io.anteroom.simulator.execution;

import io.anteroom.simulator.comfyui.NodeCatalog;
import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.execution.ExecutionEvents.NodeProgress;
import io.anteroom.simulator.execution.History.HistoryEntry;
import io.anteroom.simulator.execution.NodeExecution.NodeWork;
import io.anteroom.simulator.files.SampleImage;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Executes one prompt node by node on the instance's event loop. */
final class Execution implements NodeExecution.Listener {

  private final Machine machine;
  private final Worker worker;
  private final QueuedPrompt prompt;
  private final ExecutionEvents events;
  private final NodeProgress progress;
  private final Context context = Vertx.currentContext();
  private final List<String> executed = new ArrayList<>();
  private final JsonObject shown = new JsonObject();
  private Deque<String> plan = new ArrayDeque<>();
  private Set<String> cached = Set.of();
  private String node;
  private NodeWork work;
  private NodeExecution timed;
  private String doom;
  private boolean inHurry;
  private boolean isOver;

  Execution(Machine machine, Worker worker, QueuedPrompt prompt) {
    this.machine = machine;
    this.worker = worker;
    this.prompt = prompt;
    this.events = new ExecutionEvents(machine.sockets(), machine.clock(), prompt);
    this.progress = new NodeProgress(prompt.id());
  }

  QueuedPrompt prompt() {
    return prompt;
  }

  ExecutionEvents events() {
    return events;
  }

  Optional<String> nodeNow() {
    return Optional.ofNullable(node);
  }

  void begin() {
    events.historyEvent("execution_start", about());
    cached = machine.cache().open(prompt.graph());
    events.historyEvent("execution_cached",
      JsonObject.of("nodes", new JsonArray(List.copyOf(cached)), "prompt_id", prompt.id()));
    plan = new ArrayDeque<>(ExecutionPlan.of(prompt.graph(), prompt.outputs(), this::isOutput, cached));
    proceed();
  }

  void setSpeed(double speed) {
    if (timed != null) {
      timed.setSpeed(speed);
    }
  }

  /** Completes the rest at once. */
  void hurry() {
    inHurry = true;
    if (timed != null) {
      timed.finishNow();
    }
  }

  /** Makes the current node fail, or the next one. */
  void failNow(String message) {
    doom = message;
    if (timed != null) {
      timed.stop();
      timed = null;
      fail(message);
    }
  }

  /** Stops without sending any event. */
  void abandon() {
    isOver = true;
    if (timed != null) {
      timed.stop();
    }
  }

  @Override
  public void advanced(Number value, Number max) {
    progress.advance(node, value, max);
    events.state(progress);
    boolean withMetadata = events.tellsPreviewsWithMetadata();
    if (work.previewBytes() > 0 && withMetadata) {
      events.previewWithMetadata(node, previewPicture());
    }
    events.progress(node, value, max);
    if (work.previewBytes() > 0 && !withMetadata) {
      events.preview(previewPicture());
    }
  }

  @Override
  public void done() {
    timed = null;
    if (work.fails()) {
      fail(work.failure());
    } else {
      show();
    }
  }

  @Override
  public boolean isInterrupted() {
    return worker.isInterruptWanted();
  }

  @Override
  public void interrupted() {
    timed = null;
    events.broadcastEvent("execution_interrupted", aboutNode());
    end(Run.Outcome.INTERRUPTED);
  }

  private void proceed() {
    context.runOnContext(next -> {
      if (!isOver) {
        proceedTo(plan.poll());
      }
    });
  }

  private void proceedTo(String next) {
    if (next == null) {
      events.historyEvent("execution_success", about());
      end(Run.Outcome.SUCCESS);
    } else if (cached.contains(next)) {
      machine.cache().shownBy(next).ifPresent(output -> tellShown(next, output));
      progress.finish(next);
      events.state(progress);
      proceed();
    } else {
      execute(next);
    }
  }

  private void execute(String next) {
    node = next;
    progress.start(node);
    events.state(progress);
    events.executing(node);
    work = NodeWork.of(classOf(node), inputsOf(node));
    if (doom != null) {
      work = new NodeWork(0, 0, false, 0, doom);
    }
    if (isInterrupted()) {
      interrupted();
    } else if (work.takesTime() && !inHurry) {
      timed = new NodeExecution(machine.vertx(), work, worker.speed(), this);
      timed.start();
    } else {
      done();
    }
  }

  private void show() {
    JsonObject output = switch (classOf(node)) {
      case "SaveImage" -> images(machine.files().savePicture(prompt.id(),
        PythonText.str(inputsOf(node).getValue("filename_prefix")), seed()));
      case "PreviewImage" -> images(machine.files().saveTemporaryPicture(prompt.id(), seed()));
      default -> new JsonObject();
    };
    if (!output.isEmpty()) {
      tellShown(node, output);
    }
    machine.cache().put(node, output);
    progress.finish(node);
    events.state(progress);
    executed.add(node);
    proceed();
  }

  private void tellShown(String id, JsonObject output) {
    events.executed(id, output);
    shown.put(id, output);
  }

  private void fail(String message) {
    events.historyEvent("execution_error", aboutNode()
      .put("exception_message", message + "\n")
      .put("exception_type", "RuntimeError")
      .put("traceback", JsonArray.of(machine.version().sourceLine("execute"),
        "  File \"custom_nodes/simulator/nodes.py\"\n    raise RuntimeError(\"" + message + "\")\n"))
      .put("current_inputs", new NodeInputs(prompt.graph(), node).toJson())
      .put("current_outputs", new JsonArray(List.copyOf(prompt.graph().fieldNames()))));
    end(Run.Outcome.ERROR);
  }

  private void end(Run.Outcome outcome) {
    isOver = true;
    node = null;
    worker.over(this, outcome, HistoryEntry.of(prompt, shown, outcome, events.historyEvents()));
  }

  private JsonObject about() {
    return JsonObject.of("prompt_id", prompt.id());
  }

  private JsonObject aboutNode() {
    return about().put("node_id", node).put("node_type", classOf(node))
      .put("executed", new JsonArray(List.copyOf(executed)));
  }

  private Buffer previewPicture() {
    Buffer picture = SampleImage.png(64, seed() + executed.size());
    int missing = work.previewBytes() - picture.length();
    return missing > 0 ? picture.appendBytes(new byte[missing]) : picture;
  }

  private static JsonObject images(JsonObject image) {
    return JsonObject.of("images", JsonArray.of(image));
  }

  private long seed() {
    return prompt.id().hashCode() * 31L + node.hashCode();
  }

  private boolean isOutput(String id) {
    return machine.catalog().find(classOf(id)).filter(NodeCatalog.NodeClass::isOutput).isPresent();
  }

  private String classOf(String id) {
    return prompt.graph().getJsonObject(id).getString("class_type");
  }

  private JsonObject inputsOf(String id) {
    return prompt.graph().getJsonObject(id).getJsonObject("inputs", new JsonObject());
  }

  /**
   * The inputs of a failed node in an error report: values as they are, pictures as a tensor's text.
   */
  record NodeInputs(JsonObject graph, String node) {

    JsonObject toJson() {
      JsonObject quoted = new JsonObject();
      for (Map.Entry<String, Object> input : graph.getJsonObject(node).getJsonObject("inputs", new JsonObject())) {
        boolean isLink = input.getValue() instanceof JsonArray link && link.size() == 2
          && graph.containsKey(String.valueOf(link.getValue(0)));
        quoted.put(input.getKey(), JsonArray.of(isLink ? "tensor([[[[0., 0., 0.]]]])" : input.getValue()));
      }
      return quoted;
    }
  }
}
