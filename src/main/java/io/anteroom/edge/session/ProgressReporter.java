package io.anteroom.edge.session;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Publishes the progress of a task from the messages of one socket; at most twice a second. */
final class ProgressReporter {
  private static final int MAX_MESSAGE = 256 << 10;
  private static final int TYPE_PREFIX_LENGTH = 32;
  private static final String TYPE = "\"progress";
  private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

  private final Bus bus;
  private final String user;
  private final String instance;
  private long lastPublished = System.nanoTime() - INTERVAL_NANOS;

  ProgressReporter(Bus bus, String user, String instance) {
    this.bus = bus;
    this.user = user;
    this.instance = instance;
  }

  /** Examines a text message of the instance; most cost a comparison of their first bytes. */
  void accept(Buffer message) {
    if (System.nanoTime() - lastPublished >= INTERVAL_NANOS && message.length() <= MAX_MESSAGE
        && beginsLikeProgress(message)) {
      read(message).ifPresent(this::publish);
    }
  }

  private static boolean beginsLikeProgress(Buffer content) {
    return content.getString(0, Math.min(content.length(), TYPE_PREFIX_LENGTH), "ISO-8859-1").contains(TYPE);
  }

  private Optional<TaskEvent> read(Buffer content) {
    try {
      JsonObject message = new JsonObject(content.toString(StandardCharsets.UTF_8));
      JsonObject data = message.getJsonObject("data");
      Optional<TaskId> task = TaskId.parse(data.getString("prompt_id"));
      Optional<Progress> progress = switch (message.getString("type")) {
        case "progress" -> Optional.of(progress(data, String.valueOf(data.getValue("node", ""))));
        case "progress_state" -> runningNode(data.getJsonObject("nodes"));
        default -> Optional.empty();
      };
      return task.filter(known -> progress.isPresent()).map(id ->
        new TaskEvent(id, user, Happened.PROGRESSED, TaskState.PROCESSING, instance, progress));
    } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException notProgress) {
      return Optional.empty();
    }
  }

  private static Optional<Progress> runningNode(JsonObject nodes) {
    return nodes.stream()
      .map(Map.Entry::getValue)
      .filter(JsonObject.class::isInstance)
      .map(JsonObject.class::cast)
      .filter(node -> "running".equals(node.getString("state")))
      .map(node -> progress(node, Objects.toString(node.getValue("node_id"), "")))
      .findFirst();
  }

  private static Progress progress(JsonObject data, String node) {
    return new Progress(data.getDouble("value"), data.getDouble("max"), node);
  }

  private void publish(TaskEvent event) {
    lastPublished = System.nanoTime();
    bus.publish(Events.TASK, event);
  }
}
