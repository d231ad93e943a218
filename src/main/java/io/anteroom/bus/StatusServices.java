package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Requests that the verticle {@code status} serves. Times are unix milliseconds, positions count from 1.
 */
public final class StatusServices {
  /** How long a reply can be held back until something changes (long polling), at most. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private static final Duration TIMEOUT = MAX_WAIT.plusSeconds(5);

  /**
   * One task of a user.
   *
   * <p>Request {@code {"user","id","known","wait"}}, the wait in milliseconds; reply {@code
   * {"tasks":[status],"version", "waiting"}}. Fails with {@code UNKNOWN_TASK} for a task that is not this user's,
   * {@code BUSY} when too many requests are held, {@code QUEUE_UNAVAILABLE}.
   */
  public static final Service<AboutTask, Answer> TASK = new Service<>(Addresses.STATUS_TASK,
    new Codec<>(AboutTask::toJson, AboutTask::fromJson), new Codec<>(Answer::toJson, Answer::fromJson), TIMEOUT);

  /**
   * The tasks of a user.
   *
   * <p>Request {@code {"user","ended","known","wait"}}; reply as of {@link #TASK}: running, then waiting in their
   * order, then ended, newest first. Fails with {@code BUSY} and {@code QUEUE_UNAVAILABLE}.
   */
  public static final Service<AboutUser, Answer> USER = new Service<>(Addresses.STATUS_USER,
    new Codec<>(AboutUser::toJson, AboutUser::fromJson), new Codec<>(Answer::toJson, Answer::fromJson), TIMEOUT);

  /**
   * The time by the clock of the store, or a little earlier: the request is empty, the reply {@code {"ms"}}. Fails with
   * {@code QUEUE_UNAVAILABLE}.
   */
  public static final Service<Void, Instant> TIME = new Service<>(Addresses.STATUS_TIME, Codec.NOTHING,
    new Codec<>(time -> new JsonObject().put("ms", time.toEpochMilli()),
      json -> Instant.ofEpochMilli(json.getLong("ms"))));

  private StatusServices() {
  }

  /**
   * When to reply (long polling).
   *
   * @param known   the version that the requester has; the reply comes at once if the present one is another. Empty:
   *                the version when the request arrives
   * @param timeout how long the reply is held back while nothing changes; zero for none
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

  /** @param ended how many ended tasks the reply has at most, newest first */
  public record AboutUser(String user, int ended, When when) {
    /** All tasks of this user that are kept. */
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
   * The requested tasks at one moment.
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
