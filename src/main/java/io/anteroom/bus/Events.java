package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * Events that are published to all nodes. Each is a hint that may be lost, doubled or late; the store has the truth.
 */
public final class Events {
  /**
   * Something happened to a task: {@code {"id","user","happened","state","instance"}}, with {@code PROGRESSED} also
   * {@code "progress":{"value","max","node"}}. Published by {@code queueapi} and {@code dispatch}.
   */
  public static final Topic<TaskEvent> TASK =
    new Topic<>(Addresses.EVENT_TASK, new Codec<>(TaskEvent::toJson, TaskEvent::fromJson));

  /**
   * The state of an instance has changed: {@code {"instance","state","reason"}}. Published by {@code dispatch}.
   */
  public static final Topic<InstanceEvent> INSTANCE =
    new Topic<>(Addresses.EVENT_INSTANCE, new Codec<>(InstanceEvent::toJson, InstanceEvent::fromJson));

  /** A node that stops has handed over the tasks that it ran: any other may adopt them now. */
  public static final Topic<Void> HANDED_OVER = new Topic<>(Addresses.EVENT_HANDOVER, Codec.NOTHING);

  /** A permit is free, or a task was queued: something may start. */
  public static final Topic<Void> WAKE = new Topic<>(Addresses.WAKE, Codec.NOTHING);

  private Events() {
  }

  /** What happened to a task. */
  public enum Happened { SUBMITTED, STARTED, PROGRESSED, FINISHED, CANCEL_ASKED, REQUEUED, REJECTED }

  /**
   * An event of a task.
   *
   * @param state    after the event
   * @param instance where it runs or ran; empty for none
   * @param progress only with {@code PROGRESSED}
   */
  public record TaskEvent(
      TaskId id, String user, Happened happened, TaskState state, String instance, Optional<Progress> progress) {

    public TaskEvent(TaskId id, String user, Happened happened, TaskState state, String instance) {
      this(id, user, happened, state, instance, Optional.empty());
    }

    JsonObject toJson() {
      JsonObject json = new JsonObject()
        .put("id", id.value())
        .put("user", user)
        .put("happened", happened.name())
        .put("state", state.word())
        .put("instance", instance);
      progress.ifPresent(made -> json.put("progress", TaskStatusJson.writeProgress(made)));
      return json;
    }

    static TaskEvent fromJson(JsonObject json) {
      return new TaskEvent(new TaskId(json.getString("id")), json.getString("user"),
        Happened.valueOf(json.getString("happened")), TaskState.of(json.getString("state")),
        json.getString("instance"),
        Optional.ofNullable(json.getJsonObject("progress")).map(TaskStatusJson::readProgress));
    }
  }

  /**
   * A new state of an instance.
   *
   * @param state  {@code UP}, {@code IDLE}, {@code DOWN}, {@code FENCED}, or {@code OUT} because of its faults
   * @param reason an {@link io.anteroom.task.InstanceOutage} as it is stored; empty for none
   */
  public record InstanceEvent(String instance, String state, String reason) {
    private static final Set<String> ANSWERS = Set.of("UP", "IDLE");

    /** Whether the instance answers again. */
    public boolean answers() {
      return ANSWERS.contains(state);
    }

    JsonObject toJson() {
      return new JsonObject().put("instance", instance).put("state", state).put("reason", reason);
    }

    static InstanceEvent fromJson(JsonObject json) {
      return new InstanceEvent(json.getString("instance"), json.getString("state"), json.getString("reason"));
    }
  }
}
