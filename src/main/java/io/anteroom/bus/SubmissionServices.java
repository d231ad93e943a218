package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Requests that the verticle {@code queueapi} serves. Bodies travel as bytes, task ids as text; the field {@code user}
 * is the signed-in user in whose name the edge sends the request.
 */
public final class SubmissionServices {
  /** The most bytes of a body in one message: a shorter body travels with its submit, a longer one in blocks. */
  public static final int BLOCK = 448 << 10;

  /** How long after the submit was sent a task may be stored; later it never will be. */
  public static final Duration STORED_WITHIN = Duration.ofSeconds(8);

  /** A task that is stored last may still wait for its instance, until it can no longer be rejected. */
  private static final Duration SUBMIT_TIMEOUT = STORED_WITHIN.plusSeconds(10);

  /**
   * Checks, repairs and stores a workflow. The reply comes when it is stored; on failure it is not stored, and never
   * will be.
   *
   * <p>Request {@code {"user","via","body","until"}}, until in unix milliseconds, with a large body also {@code
   * "owner","id","length"}; reply {@code {"task":status,"node_errors"}}. Fails with the codes of an invalid request
   * ({@code NOT_JSON} to {@code INVALID_NUMBER}), {@code TOO_LARGE}, {@code UNKNOWN_USER}, {@code UNKNOWN_INSTANCE},
   * {@code PROMPT_ID_TAKEN}, {@code TOO_MANY_WAITING}, {@code TOO_MUCH_WAITING}, {@code QUEUE_FULL}, {@code
   * QUEUE_UNAVAILABLE}.
   */
  public static final Service<Submit, Submitted> SUBMIT = new Service<>(Addresses.QUEUE_SUBMIT,
    new Codec<>(Submit::toJson, Submit::fromJson), new Codec<>(Submitted::toJson, Submitted::fromJson),
    SUBMIT_TIMEOUT);

  /**
   * Cancels a task of this user. A waiting task is {@code cancelled} in the reply; for a running one the reply has
   * {@code processing}, and its owner stops it.
   *
   * <p>Request {@code {"user","id"}}, the reply is a status. Fails with {@code UNKNOWN_TASK}, {@code ALREADY_ENDED},
   * {@code QUEUE_UNAVAILABLE}.
   */
  public static final Service<Cancel, TaskStatus> CANCEL = new Service<>(Addresses.QUEUE_CANCEL,
    new Codec<>(Cancel::toJson, Cancel::fromJson), new Codec<>(TaskStatusJson::write, TaskStatusJson::read));

  /** Cancels a task of this user only if it waits; a running one goes on. Shapes and errors as of {@link #CANCEL}. */
  public static final Service<Cancel, TaskStatus> WITHDRAW = new Service<>(Addresses.QUEUE_WITHDRAW,
    new Codec<>(Cancel::toJson, Cancel::fromJson), new Codec<>(TaskStatusJson::write, TaskStatusJson::read));

  /**
   * Deletes those of these tasks that are this user's and have ended.
   *
   * <p>Request {@code {"user","ids":[id,…]}}; the reply is empty. Fails with {@code QUEUE_UNAVAILABLE}.
   */
  public static final Service<OwnTasks, Void> FORGET = new Service<>(Addresses.QUEUE_FORGET,
    new Codec<>(OwnTasks::toJson, OwnTasks::fromJson), Codec.NOTHING);

  /**
   * The workflows of those of these tasks that are this user's, as far as they fit into the reply and are still stored.
   *
   * <p>Request {@code {"user","ids":[id,…]}}; reply {@code {"all":[{"id","graph","extra","targets"},…]}}, the latter
   * three JSON as text. Fails with {@code QUEUE_UNAVAILABLE}.
   */
  public static final Service<OwnTasks, Workflows> WORKFLOWS = new Service<>(Addresses.QUEUE_WORKFLOWS,
    new Codec<>(OwnTasks::toJson, OwnTasks::fromJson), new Codec<>(Workflows::toJson, Workflows::fromJson));

  /**
   * An instance has sent its node classes to a page: the verticle reads them too. Request {@code {"instance"}}, its
   * name; the reply is empty.
   */
  public static final Service<String, Void> LEARN = new Service<>(Addresses.QUEUE_LEARN,
    new Codec<>(name -> new JsonObject().put("instance", name), json -> json.getString("instance")), Codec.NOTHING);

  private SubmissionServices() {
  }

  /**
   * A block of an upload, served by the edge that holds it; all have {@link #BLOCK} bytes but the last. Request {@code
   * {"id","index"}}; reply {@code {"bytes"}}. Fails when the edge no longer holds the upload.
   */
  public static Service<BlockOf, Buffer> block(String owner) {
    return new Service<>(Addresses.QUEUE_BLOCK + "." + owner, new Codec<>(BlockOf::toJson, BlockOf::fromJson),
      new Codec<>(block -> new JsonObject().put("bytes", block), json -> json.getBuffer("bytes")));
  }

  /** How a submit came in: by the script in the page, by the proxy on its way to the instance, or by a direct call. */
  public enum Via { SCRIPT, PROXY, API }

  /**
   * A submit as it came in.
   *
   * @param body   what ComfyUI's page sends to {@code /prompt}, unchecked; empty when it has to be fetched
   * @param upload where to fetch it
   * @param until  by the clock of the store: the submitter stops waiting then, so it must not be stored later
   */
  public record Submit(String user, Via via, Buffer body, Optional<Upload> upload, Instant until) {
    /** With a body of one block at most. */
    public Submit(String user, Via via, Buffer body, Instant until) {
      this(user, via, body, Optional.empty(), until);
    }

    /** Of the body, in bytes. */
    public long length() {
      return upload.map(Upload::length).orElse((long) body.length());
    }

    JsonObject toJson() {
      JsonObject json = new JsonObject().put("user", user).put("via", via.name()).put("body", body)
        .put("until", until.toEpochMilli());
      upload.ifPresent(large -> json.put("owner", large.owner()).put("id", large.id()).put("length", large.length()));
      return json;
    }

    static Submit fromJson(JsonObject json) {
      Optional<Upload> upload = Optional.ofNullable(json.getString("owner"))
        .map(owner -> new Upload(owner, json.getString("id"), json.getLong("length")));
      return new Submit(json.getString("user"), Via.valueOf(json.getString("via")), json.getBuffer("body"), upload,
        Instant.ofEpochMilli(json.getLong("until")));
    }
  }

  /** A large body that its owner holds until the reply to its submit; length in bytes. */
  public record Upload(String owner, String id, long length) {
  }

  /** One block of an upload, counted from 0. */
  public record BlockOf(String id, int index) {
    JsonObject toJson() {
      return new JsonObject().put("id", id).put("index", index);
    }

    static BlockOf fromJson(JsonObject json) {
      return new BlockOf(json.getString("id"), json.getInteger("index"));
    }
  }

  /**
   * A stored task.
   *
   * @param nodeErrors the JSON object in which ComfyUI lists the parts of the workflow that it will not run
   */
  public record Submitted(TaskStatus task, String nodeErrors) {
    /** A task of which every part will run, as far as is known. */
    public Submitted(TaskStatus task) {
      this(task, "{}");
    }

    JsonObject toJson() {
      return new JsonObject().put("task", TaskStatusJson.write(task)).put("node_errors", nodeErrors);
    }

    static Submitted fromJson(JsonObject json) {
      return new Submitted(TaskStatusJson.read(json.getJsonObject("task")), json.getString("node_errors"));
    }
  }

  /** A request of {@code user} to end the task. */
  public record Cancel(String user, TaskId id) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("id", id.value());
    }

    static Cancel fromJson(JsonObject json) {
      return new Cancel(json.getString("user"), new TaskId(json.getString("id")));
    }
  }

  /** Some tasks of {@code user}; tasks of others are ignored. */
  public record OwnTasks(String user, List<TaskId> ids) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("ids", new JsonArray(ids.stream().map(TaskId::value).toList()));
    }

    static OwnTasks fromJson(JsonObject json) {
      return new OwnTasks(json.getString("user"),
        json.getJsonArray("ids").stream().map(id -> new TaskId((String) id)).toList());
    }
  }

  /** Workflows of tasks, in no particular order. */
  public record Workflows(List<Workflow> all) {
    JsonObject toJson() {
      return new JsonObject().put("all", new JsonArray(all.stream().map(Workflow::toJson).toList()));
    }

    static Workflows fromJson(JsonObject json) {
      return new Workflows(
        json.getJsonArray("all").stream().map(one -> Workflow.fromJson((JsonObject) one)).toList());
    }
  }

  /**
   * The workflow of a task as it was submitted, without secrets and without Anteroom's own data.
   *
   * @param graph   the JSON object of workflow nodes
   * @param extra   the members of {@code extra_data}, {@code "name":value,…}, mostly the editor's whole graph
   * @param targets the JSON array of the requested output nodes; empty for all
   */
  public record Workflow(TaskId id, String graph, String extra, String targets) {
    /** A task whose workflow is no longer stored. */
    public static Workflow none(TaskId id) {
      return new Workflow(id, "{}", "", "[]");
    }

    JsonObject toJson() {
      return new JsonObject().put("id", id.value()).put("graph", graph).put("extra", extra).put("targets", targets);
    }

    static Workflow fromJson(JsonObject json) {
      return new Workflow(new TaskId(json.getString("id")), json.getString("graph"), json.getString("extra"),
        json.getString("targets", "[]"));
    }
  }
}
