package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** What sessions answer: each at an address of its own, and every edge for sessions that nobody holds. */
public final class SessionServices {
  private static final Duration ATTACHING = Duration.ofSeconds(1);
  private static final Duration LEAVING = Duration.ofSeconds(2);

  /** Any edge makes a session without a browser that hears of the task; answered as {@link #attach} is. */
  public static final Service<Attach, Attached> ATTACH = attachAt(Addresses.SESSION_ATTACH);

  /** Told by an edge that holds a session with a browser now: one without a browser under the same id gives way. */
  public static final Topic<Begun> BEGUN =
    new Topic<>(Addresses.SESSION_BEGUN, new Codec<>(Begun::toJson, Begun::fromJson));

  private SessionServices() {
  }

  /** The session of this client id hears of the task; answered when its socket there is open, or cannot be. */
  public static Service<Attach, Attached> attach(String clientId) {
    return attachAt(Addresses.SESSION_ATTACH + "." + clientId);
  }

  /** The session of this client id closes its sockets to instances; answered when they are closed. */
  public static Service<Leave, Left> leave(String clientId) {
    return new Service<>(Addresses.SESSION_LEAVE + "." + clientId, new Codec<>(Leave::toJson, Leave::fromJson),
      new Codec<>(Left::toJson, Left::fromJson), LEAVING);
  }

  private static Service<Attach, Attached> attachAt(String address) {
    return new Service<>(address, new Codec<>(Attach::toJson, Attach::fromJson),
      new Codec<>(Attached::toJson, Attached::fromJson), ATTACHING);
  }

  /**
   * {@code user}'s task is about to be sent to the instance, under this client id.
   *
   * @param unanswered whether its submitter has no answer yet, so that nothing of its run is to be told before
   */
  public record Attach(String user, String clientId, String instance, TaskId task, boolean unanswered) {
    /** One whose submitter has an answer. */
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

  /** The session of this client id has begun at the edge that has drawn this number. */
  public record Begun(String clientId, String edge) {
    JsonObject toJson() {
      return new JsonObject().put("client_id", clientId).put("edge", edge);
    }

    static Begun fromJson(JsonObject json) {
      return new Begun(json.getString("client_id"), json.getString("edge"));
    }
  }

  /** A session knows of the task; {@code open}: its socket to the instance was. */
  public record Attached(boolean open) {
    JsonObject toJson() {
      return new JsonObject().put("open", open);
    }

    static Attached fromJson(JsonObject json) {
      return new Attached(json.getBoolean("open"));
    }
  }

  /** The session of {@code user} goes on at another node. */
  public record Leave(String user) {
    JsonObject toJson() {
      return new JsonObject().put("user", user);
    }

    static Leave fromJson(JsonObject json) {
      return new Leave(json.getString("user"));
    }
  }

  /**
   * What the next node needs to know.
   *
   * @param flags       the browser's message of its feature flags; empty when it sent none
   * @param serverFlags the instance's answer to it; empty when there was none
   * @param latest      the messages that tell how what runs stands, and how ended what nobody heard
   * @param tasks       those that were sent under its client id
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

    /** Whether a page loses nothing but a greeting without it. */
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
