package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the verticle {@code status} answers. */
public final class StatusServices {
  /** How long a reply can be held back until something changes (long polling), at most. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private static final Duration TIMEOUT = MAX_WAIT.plusSeconds(5);

  /** One task of the one who asks. */
  public static final Service<AboutTask, Answer> TASK = new Service<>(Addresses.STATUS_TASK,
    new Codec<>(AboutTask::toJson, AboutTask::fromJson), new Codec<>(Answer::toJson, Answer::fromJson), TIMEOUT);

  /** The tasks of the one who asks. */
  public static final Service<AboutUser, Answer> USER = new Service<>(Addresses.STATUS_USER,
    new Codec<>(AboutUser::toJson, AboutUser::fromJson), new Codec<>(Answer::toJson, Answer::fromJson), TIMEOUT);

  /** What time it is by the clock of the queue's store, or a little earlier. */
  public static final Service<Void, Instant> TIME = new Service<>(Addresses.STATUS_TIME, Codec.NOTHING,
    new Codec<>(time -> new JsonObject().put("ms", time.toEpochMilli()),
      json -> Instant.ofEpochMilli(json.getLong("ms"))));

  private StatusServices() {
  }

  /**
   * When to answer.
   *
   * @param known the version that the asker has; an answer with another one comes at once. Empty: the state when the
   *              question arrives
   * @param timeout how long the answer may be held back while nothing changes; zero answers at once
   */
  public record When(String known, Duration timeout) {
    public static final When NOW = new When("", Duration.ZERO);

    private JsonObject toJson(JsonObject json) {
      return json.put("known", known).put("wait", timeout.toMillis());
    }

    private static When fromJson(JsonObject json) {
      return new When(json.getString("known"), Duration.ofMillis(json.getLong("wait")));
    }
  }

  public record AboutTask(String user, TaskId id, When when) {
    JsonObject toJson() {
      return when.toJson(new JsonObject().put("user", user).put("id", id.value()));
    }

    static AboutTask fromJson(JsonObject json) {
      return new AboutTask(json.getString("user"), new TaskId(json.getString("id")), When.fromJson(json));
    }
  }

  /** @param ended of how many that ended, at most, the answer tells; the newest of them */
  public record AboutUser(String user, int ended, When when) {
    /** All that is kept of this user. */
    public AboutUser(String user, When when) {
      this(user, Integer.MAX_VALUE, when);
    }

    JsonObject toJson() {
      return when.toJson(new JsonObject().put("user", user).put("ended", ended));
    }

    static AboutUser fromJson(JsonObject json) {
      return new AboutUser(json.getString("user"), json.getInteger("ended"), When.fromJson(json));
    }
  }

  /**
   * What was asked for, at one moment.
   *
   * @param version differs whenever {@code tasks} differ
   * @param waiting how many tasks wait in the whole lab
   */
  public record Answer(List<TaskStatus> tasks, String version, int waiting) {
    JsonObject toJson() {
      JsonArray array = new JsonArray();
      tasks.forEach(task -> array.add(TaskStatusJson.write(task)));
      return new JsonObject().put("tasks", array).put("version", version).put("waiting", waiting);
    }

    static Answer fromJson(JsonObject json) {
      return new Answer(
        json.getJsonArray("tasks").stream().map(task -> TaskStatusJson.read((JsonObject) task)).toList(),
        json.getString("version"), json.getInteger("waiting"));
    }
  }
}
