package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Requests that the verticle {@code dispatch} serves. */
public final class DispatchServices {
  /** ComfyUI validates a workflow while it is busy with others; its own page waits as long. */
  private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(4);

  /**
   * Starts what may start now. The reply comes as soon as the instance has accepted or rejected this task, or when all
   * that can start on this node is claimed and this task is not among it.
   *
   * <p>Request {@code {"id"}}; reply {@code {}} for {@link Started.Unknown}, {@code {"node_errors"}} with a JSON object
   * as text for {@link Started.Accepted}, {@code {"error":{"type","message","details","report"}}} for {@link
   * Started.Rejected}. Fails with {@code QUEUE_UNAVAILABLE}; the task stays queued then. Sent by {@code queueapi}.
   */
  public static final Service<TaskId, Started> START = new Service<>(Addresses.DISPATCH_START,
    new Codec<>(id -> new JsonObject().put("id", id.value()), json -> new TaskId(json.getString("id"))),
    new Codec<>(Started::toJson, Started::fromJson), VALIDATION_TIMEOUT);

  private DispatchServices() {
  }

  /** What is known of a task that should start. */
  public sealed interface Started {
    /** It has not started on this node, or the answer of its instance is not known. */
    record Unknown() implements Started {
    }

    /**
     * Its instance has accepted it.
     *
     * @param nodeErrors the JSON object in which ComfyUI lists the parts of the workflow that it will not run
     */
    record Accepted(String nodeErrors) implements Started {
    }

    /**
     * Its instance has refused it. The error is for its submitter; nothing else is left of the task.
     *
     * @param error its report is the whole answer of the instance
     */
    record Rejected(TaskError error) implements Started {
    }

    private static JsonObject toJson(Started started) {
      JsonObject json = new JsonObject();
      if (started instanceof Accepted accepted) {
        json.put("node_errors", accepted.nodeErrors());
      } else if (started instanceof Rejected rejected) {
        json.put("error", TaskStatusJson.writeError(rejected.error()));
      }
      return json;
    }

    private static Started fromJson(JsonObject json) {
      if (json.containsKey("error")) {
        return new Rejected(TaskStatusJson.readError(json.getJsonObject("error")));
      }
      return json.containsKey("node_errors") ? new Accepted(json.getString("node_errors")) : new Unknown();
    }
  }
}
