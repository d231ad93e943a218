package io.anteroom.bus;

import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** What the verticle {@code api} answers. */
public final class QueueServices {
  private static final Duration LARGE_BODIES_TAKE_LONGER = Duration.ofSeconds(14);

  /** Checks, repairs and stores a workflow; answered when it is stored. */
  public static final Service<Submit, TaskStatus> SUBMIT = new Service<>(Addresses.QUEUE_SUBMIT,
    new Codec<>(Submit::toJson, Submit::fromJson), new Codec<>(TaskStatusJson::write, TaskStatusJson::read),
    LARGE_BODIES_TAKE_LONGER);

  /** Cancels a task of the one who asks. */
  public static final Service<Cancel, TaskStatus> CANCEL = new Service<>(Addresses.QUEUE_CANCEL,
    new Codec<>(Cancel::toJson, Cancel::fromJson), new Codec<>(TaskStatusJson::write, TaskStatusJson::read));

  private QueueServices() {
  }

  /** How a run was caught: by the script in the page, by the proxy on its way to the instance, or called directly. */
  public enum Via { SCRIPT, PROXY, API }

  /**
   * A run as it came in.
   *
   * @param body what ComfyUI's page sends to {@code /prompt}, not looked at yet
   */
  public record Submit(String user, Via via, Buffer body) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("via", via.name()).put("body", body);
    }

    static Submit fromJson(JsonObject json) {
      return new Submit(json.getString("user"), Via.valueOf(json.getString("via")), json.getBuffer("body"));
    }
  }

  /** The wish of {@code user} that the task ends. */
  public record Cancel(String user, TaskId id) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("id", id.value());
    }

    static Cancel fromJson(JsonObject json) {
      return new Cancel(json.getString("user"), new TaskId(json.getString("id")));
    }
  }
}
