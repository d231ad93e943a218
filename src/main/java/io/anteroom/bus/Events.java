package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/** What is told to everybody. Each is a hint: whoever needs to be right looks into the store. */
public final class Events {
  public static final Topic<TaskEvent> TASK =
    new Topic<>(Addresses.EVENT_TASK, new Codec<>(TaskEvent::toJson, TaskEvent::fromJson));

  public static final Topic<InstanceEvent> INSTANCE =
    new Topic<>(Addresses.EVENT_INSTANCE, new Codec<>(InstanceEvent::toJson, InstanceEvent::fromJson));

  /** A node stops and has given away tasks that run: whoever is left may adopt them now. */
  public static final Topic<Void> HANDED_OVER = new Topic<>(Addresses.EVENT_HANDOVER, Codec.NOTHING);

  /** A place or a task is there. */
  public static final Topic<Void> WAKE = new Topic<>(Addresses.WAKE, Codec.NOTHING);

  private Events() {
  }

  /** What happened, in the past tense. */
  public enum Happened { SUBMITTED, STARTED, PROGRESSED, FINISHED, CANCEL_ASKED, REQUEUED, REJECTED }

  /** Something happened to a task; {@code progress} only with {@code PROGRESSED}. */
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

  /** An instance is up, idle, down, fenced off, or out because of its faults, and why. */
  public record InstanceEvent(String instance, String state, String reason) {
    private static final Set<String> ANSWERS = Set.of("UP", "IDLE");

    /** Whether it is told because it answers again. */
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
