package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** Requests that sessions serve, each at an address of its own, and every edge for sessions that no edge holds. */
public final class SessionServices {
  private static final Duration ATTACH_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(2);

  /** Any edge opens a session without a browser that watches the task; shapes and reply as of {@link #attach}. */
  public static final Service<Attach, Attached> ATTACH = attachAt(Addresses.SESSION_ATTACH);

  /**
   * An edge holds a session with a browser now; one without a browser under the same client id ends. Event {@code
   * {"client_id","edge"}}.
   */
  public static final Topic<Begun> BEGUN =
    new Topic<>(Addresses.SESSION_BEGUN, new Codec<>(Begun::toJson, Begun::fromJson));

  private SessionServices() {
  }

  /**
   * The session of this client id watches the task. The reply comes when its socket to the instance is open, or cannot
   * be opened.
   *
   * <p>Request {@code {"user","client_id","instance","task","unanswered"}}; reply {@code {"open"}}. Sent by {@code
   * dispatch}, which sends the task without it when no reply comes within a second.
   */
  public static Service<Attach, Attached> attach(String clientId) {
    return attachAt(Addresses.SESSION_ATTACH + "." + clientId);
  }

  /**
   * The session of this client id closes its sockets to instances. The reply comes when they are closed.
   *
   * <p>Request {@code {"user"}}; reply {@code
   * {"flags","server_flags","latest":[message,…],"tasks":[{"instance","task"}, …]}}. Sent by the edge where the session
   * goes on.
   */
  public static Service<Leave, Left> leave(String clientId) {
    return new Service<>(Addresses.SESSION_LEAVE + "." + clientId, new Codec<>(Leave::toJson, Leave::fromJson),
      new Codec<>(Left::toJson, Left::fromJson), LEAVE_TIMEOUT);
  }

  private static Service<Attach, Attached> attachAt(String address) {
    return new Service<>(address, new Codec<>(Attach::toJson, Attach::fromJson),
      new Codec<>(Attached::toJson, Attached::fromJson), ATTACH_TIMEOUT);
  }

  /**
   * The task of {@code user} is about to be sent to the instance, under this client id.
   *
   * @param unanswered whether its submitter has no answer yet, so that the browser must get nothing of its run before
   */
  public record Attach(String user, String clientId, String instance, TaskId task, boolean unanswered) {
    /** A task whose submitter has an answer. */
    public Attach(String user, String clientId, String instance, TaskId task) {
      this(user, clientId, instance, task, false);
    }

    JsonObject toJson() {
      return new JsonObject().put("user", user).put("client_id", clientId).put("instance", instance)
        .put("task", task.value()).put("unanswered", unanswered);
    }

    static Attach fromJson(JsonObject json) {
      return new Attach(json.getString("user"), json.getString("client_id"), json.getString("instance"),
        new TaskId(json.getString("task")), json.getBoolean("unanswered", false));
    }
  }

  /** The session of this client id has begun at the edge with this random id. */
  public record Begun(String clientId, String edge) {
    JsonObject toJson() {
      return new JsonObject().put("client_id", clientId).put("edge", edge);
    }

    static Begun fromJson(JsonObject json) {
      return new Begun(json.getString("client_id"), json.getString("edge"));
    }
  }

  /** A session watches the task; {@code open}: whether its socket to the instance is open. */
  public record Attached(boolean open) {
    JsonObject toJson() {
      return new JsonObject().put("open", open);
    }

    static Attached fromJson(JsonObject json) {
      return new Attached(json.getBoolean("open"));
    }
  }

  /** The session of {@code user} goes on at the requesting node. */
  public record Leave(String user) {
    JsonObject toJson() {
      return new JsonObject().put("user", user);
    }

    static Leave fromJson(JsonObject json) {
      return new Leave(json.getString("user"));
    }
  }

  /**
   * The state of a session that the next node needs.
   *
   * @param flags       the browser's message of its feature flags; empty when it sent none
   * @param serverFlags the instance's answer to it; empty when there was none
   * @param latest      the messages with the state of what runs, and with the ends that no browser has received
   * @param tasks       the tasks that were sent under its client id
   */
  public record Left(String flags, String serverFlags, List<String> latest, List<Sent> tasks) {
    public static final Left NOTHING = new Left("", "", List.of(), List.of());

    /** A task at an instance. */
    public record Sent(String instance, String task) {
      JsonObject toJson() {
        return new JsonObject().put("instance", instance).put("task", task);
      }

      static Sent fromJson(JsonObject json) {
        return new Sent(json.getString("instance"), json.getString("task"));
      }
    }

    /** Whether a page that lacks it misses no more than a greeting. */
    public boolean isLittle() {
      return tasks.isEmpty() && latest.isEmpty();
    }

    JsonObject toJson() {
      return new JsonObject().put("flags", flags).put("server_flags", serverFlags)
        .put("latest", new JsonArray(List.copyOf(latest)))
        .put("tasks", new JsonArray(tasks.stream().map(Sent::toJson).toList()));
    }

    static Left fromJson(JsonObject json) {
      return new Left(json.getString("flags"), json.getString("server_flags"),
        json.getJsonArray("latest").stream().map(String.class::cast).toList(),
        json.getJsonArray("tasks").stream().map(task -> Sent.fromJson((JsonObject) task)).toList());
    }
  }
}
