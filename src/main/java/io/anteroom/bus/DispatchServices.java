package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** What the verticle {@code dispatch} answers. */
public final class DispatchServices {
  /** ComfyUI judges a workflow while it is busy with others; its page waits for that just as long without us. */
  private static final Duration INSTANCE_JUDGES = Duration.ofSeconds(4);

  /**
   * Starts what may start now; answered with what the instance said to this task, as soon as it has said it, or when
   * all that could start here has been claimed and this task was not among it.
   */
  public static final Service<TaskId, Started> START = new Service<>(Addresses.DISPATCH_START,
    new Codec<>(id -> new JsonObject().put("id", id.value()), json -> new TaskId(json.getString("id"))),
    new Codec<>(Started::toJson, Started::fromJson), INSTANCE_JUDGES);

  private DispatchServices() {
  }

  /** What is known of a task that was to start. */
  public sealed interface Started {
    /** It has not started here, or it is not known what its instance said. */
    record Unknown() implements Started {
    }

    /**
     * Its instance has accepted it.
     *
     * @param nodeErrors the JSON object in which ComfyUI says which parts of the workflow it will not run
     */
    record Accepted(String nodeErrors) implements Started {
    }

    /**
     * Its instance has refused it, and its submitter is to be told so: nothing else is left of it.
     *
     * @param error with the whole answer as its report
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
