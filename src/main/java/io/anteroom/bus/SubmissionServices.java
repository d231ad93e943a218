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

/** What the verticle {@code api} answers. */
public final class SubmissionServices {
  /** So many bytes of a body cross the bus at once: a shorter one with its run, a longer one block by block. */
  public static final int BLOCK = 448 << 10;

  /** From the moment when a run is handed on; what is not stored by then never will be. */
  public static final Duration STORED_WITHIN = Duration.ofSeconds(8);

  /** What is stored at the last moment waits for its instance's word, at worst until it cannot be rejected any more. */
  private static final Duration ANSWERED_WITHIN = STORED_WITHIN.plusSeconds(10);

  /** Checks, repairs and stores a workflow; answered when it is stored. When it fails nothing is, and never will be. */
  public static final Service<Submit, Submitted> SUBMIT = new Service<>(Addresses.QUEUE_SUBMIT,
    new Codec<>(Submit::toJson, Submit::fromJson), new Codec<>(Submitted::toJson, Submitted::fromJson),
    ANSWERED_WITHIN);

  /** Cancels a task of the one who asks. */
  public static final Service<Cancel, TaskStatus> CANCEL = new Service<>(Addresses.QUEUE_CANCEL,
    new Codec<>(Cancel::toJson, Cancel::fromJson), new Codec<>(TaskStatusJson::write, TaskStatusJson::read));

  /** Cancels a task of the one who asks if it waits; one that runs goes on, and is answered as it is. */
  public static final Service<Cancel, TaskStatus> WITHDRAW = new Service<>(Addresses.QUEUE_WITHDRAW,
    new Codec<>(Cancel::toJson, Cancel::fromJson), new Codec<>(TaskStatusJson::write, TaskStatusJson::read));

  /** Forgets those of these tasks that are the asker's and have ended. */
  public static final Service<OwnTasks, Void> FORGET = new Service<>(Addresses.QUEUE_FORGET,
    new Codec<>(OwnTasks::toJson, OwnTasks::fromJson), Codec.NOTHING);

  /** What was submitted as those of these tasks that are the asker's, as far as it fits and is still there. */
  public static final Service<OwnTasks, Workflows> WORKFLOWS = new Service<>(Addresses.QUEUE_WORKFLOWS,
    new Codec<>(OwnTasks::toJson, OwnTasks::fromJson), new Codec<>(Workflows::toJson, Workflows::fromJson));

  /** An instance, by its name, has told a page of all its node classes: learns from what it said. */
  public static final Service<String, Void> LEARN = new Service<>(Addresses.QUEUE_LEARN,
    new Codec<>(name -> new JsonObject().put("instance", name), json -> json.getString("instance")), Codec.NOTHING);

  private SubmissionServices() {
  }

  /** A block of an upload that this owner holds; the last one is shorter. Fails when it holds the upload no more. */
  public static Service<BlockOf, Buffer> block(String owner) {
    return new Service<>(Addresses.QUEUE_BLOCK + "." + owner, new Codec<>(BlockOf::toJson, BlockOf::fromJson),
      new Codec<>(block -> new JsonObject().put("bytes", block), json -> json.getBuffer("bytes")));
  }

  /** How a run was caught: by the script in the page, by the proxy on its way to the instance, or called directly. */
  public enum Via { SCRIPT, PROXY, API }

  /**
   * A run as it came in.
   *
   * @param body   what ComfyUI's page sends to {@code /prompt}, not looked at yet; empty when it is fetched
   * @param upload where it is fetched
   * @param until  by the clock of the store: whoever brings it stops waiting then, so later it must not be stored
   */
  public record Submit(String user, Via via, Buffer body, Optional<Upload> upload, Instant until) {
    /** With a body that is not large. */
    public Submit(String user, Via via, Buffer body, Instant until) {
      this(user, via, body, Optional.empty(), until);
    }

    /** In bytes. */
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

  /** A large body that its owner holds until its submit is answered; length in bytes. */
  public record Upload(String owner, String id, long length) {
  }

  /** One block of an upload, from 0 on. */
  public record BlockOf(String id, int index) {
    JsonObject toJson() {
      return new JsonObject().put("id", id).put("index", index);
    }

    static BlockOf fromJson(JsonObject json) {
      return new BlockOf(json.getString("id"), json.getInteger("index"));
    }
  }

  /**
   * A run that is stored.
   *
   * @param nodeErrors the JSON object in which ComfyUI says which parts of the workflow it will not run
   */
  public record Submitted(TaskStatus task, String nodeErrors) {
    /** One of which everything will run, as far as is known. */
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

  /** The wish of {@code user} that the task ends. */
  public record Cancel(String user, TaskId id) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("id", id.value());
    }

    static Cancel fromJson(JsonObject json) {
      return new Cancel(json.getString("user"), new TaskId(json.getString("id")));
    }
  }

  /** Some tasks of {@code user}; those that are not his are passed over. */
  public record OwnTasks(String user, List<TaskId> ids) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("ids", new JsonArray(ids.stream().map(TaskId::value).toList()));
    }

    static OwnTasks fromJson(JsonObject json) {
      return new OwnTasks(json.getString("user"),
        json.getJsonArray("ids").stream().map(id -> new TaskId((String) id)).toList());
    }
  }

  /** Workflows of tasks, in no order. */
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
   * What was submitted as one task, without secrets and without what Anteroom added.
   *
   * @param graph the JSON object of workflow nodes
   * @param extra the members of {@code extra_data}, {@code "name":value,…}, mostly the editor's whole graph
   * @param targets the JSON list of the output nodes that were asked for; empty when all were
   */
  public record Workflow(TaskId id, String graph, String extra, String targets) {
    /** Of a task whose workflow is not there any more. */
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
