package io.anteroom.redis;

import io.anteroom.config.Settings;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Payload;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.anteroom.queue.UnreadableRequestException;
import io.anteroom.redis.ReplyMapper.Answers;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Writes and reads the requests of tasks. A request of a single part travels with the call that stores or claims its
 * task. The parts of a larger one are staged, one call each, until the submit takes all of them over at once; they are
 * read one by one. So no call takes long, and a half-written request is never a task.
 */
final class RequestStore {
  private static final String SECRETS = "secrets";
  /** How long staged parts live that no submit takes over, after the last of them. */
  private static final int STAGING_TTL_MS = 60_000;

  private final ScriptRunner scripts;
  private final DeadlineCall timed;
  private final PayloadCodec codec;
  private final String userBytes;
  private final String bytes;

  /** @param bounds the most bytes that may be stored */
  RequestStore(ScriptRunner scripts, DeadlineCall timed, PayloadCodec codec, Settings.Bounds bounds) {
    this.userBytes = Long.toString(bounds.userBytes());
    this.bytes = Long.toString(bounds.bytes());
    this.scripts = scripts;
    this.timed = timed;
    this.codec = codec;
  }

  Future<Void> close() {
    return codec.close();
  }

  /**
   * Stores the request of a task together with it.
   *
   * @param submit stores the task; its argument is the part of the script's arguments that describes the request
   */
  <T> Future<T> store(Submission task, Instant until, Function<List<Object>, Future<T>> submit) {
    Payload body = task.body();
    Future<Buffer> secrets = task.secrets().isEmpty() ? Future.succeededFuture(Buffer.buffer())
      : codec.encode(task.id(), SECRETS, Buffer.buffer(task.secrets()));
    return secrets.compose(stored -> body.parts() > 1 ? stage(task, stored, until, submit)
      : part(task, 0).compose(part -> submit.apply(List.of(part, stored, "1", Long.toString(body.length()),
        Integer.toString(part.length() + stored.length()), "", userBytes, bytes))));
  }

  private <T> Future<T> stage(Submission task, Buffer secrets, Instant until,
      Function<List<Object>, Future<T>> submit) {
    String name = UUID.randomUUID().toString();
    long[] length = {secrets.length()};
    ReadAhead parts = new ReadAhead(task);
    return Payload.inTurn(0, task.body().parts(), index -> parts.next().compose(part -> {
      length[0] += part.length();
      List<Object> args = List.of(name, task.user(), Integer.toString(index), part, Long.toString(length[0]),
        Integer.toString(STAGING_TTL_MS), userBytes, bytes);
      return scripts.run(LuaScript.STAGE, () -> timed.run(LuaScript.STAGE, args, until.toEpochMilli()))
        .compose(Answers::staged);
    }))
      .compose(staged -> submit.apply(List.of("", secrets, Integer.toString(task.body().parts()),
        Long.toString(task.body().length()), Long.toString(length[0]), name, userBytes, bytes)))
      // Nothing is staged any longer of a request that was stored.
      .onComplete(done -> scripts.run(LuaScript.UNSTAGE, List.of(name)));
  }

  /** The stored parts of a request in order; each is encoded while the one before is being sent (read-ahead). */
  private final class ReadAhead {
    private final Submission task;
    private int made;
    private Future<Buffer> following;

    ReadAhead(Submission task) {
      this.task = task;
      this.following = part(task, made++);
    }

    Future<Buffer> next() {
      Future<Buffer> next = following;
      return next.onSuccess(part -> following = made < task.body().parts() ? part(task, made++) : null);
    }
  }

  private Future<Buffer> part(Submission task, int index) {
    return task.body().part(index).compose(plain -> codec.encode(task.id(), Integer.toString(index), plain));
  }

  /** The request of a claimed task; its first part is in memory. */
  Future<RunRequest> open(Claim claim) {
    Future<Claim.Ready> stored = claim.request().ready().map(Future::succeededFuture)
      .orElseGet(() -> read(claim.id(), 0).map(answer ->
        new Claim.Ready(answer.get(0).toBuffer(), answer.get(1).toBuffer())));
    return stored.compose(ready -> decode(claim.id(), 0, ready.part())
      .compose(first -> codec.decode(claim.id(), SECRETS, ready.secrets())
        .map(secrets -> new RunRequest(new StoredPayload(claim, first), secrets.toString()))));
  }

  /** The readable requests as texts, from a reply of task ids and stored parts in turn. */
  Future<Map<TaskId, String>> texts(Response answer) {
    Map<TaskId, String> texts = new HashMap<>();
    return Payload.inTurn(0, answer.size() / 2, at -> {
      TaskId id = new TaskId(answer.get(2 * at).toString());
      return text(id, answer.get(2 * at + 1)).<Void>map(text -> {
        texts.put(id, text);
        return null;
      }).recover(failure -> failure instanceof UnreadableRequestException ? Future.succeededFuture()
        : Future.failedFuture(failure));
    }).map(texts);
  }

  private Future<String> text(TaskId id, Response parts) {
    Buffer whole = Buffer.buffer();
    return Payload.inTurn(0, parts.size(), index -> decode(id, index, parts.get(index).toBuffer())
      .onSuccess(whole::appendBuffer).mapEmpty()).map(done -> whole.toString());
  }

  private Future<Response> read(TaskId id, int index) {
    return scripts.run(LuaScript.PART, List.of(id.value(), Integer.toString(index)));
  }

  private Future<Buffer> decode(TaskId id, int index, Buffer stored) {
    return codec.decode(id, Integer.toString(index), stored);
  }

  /** The request of a claimed task, whose parts are read one by one. */
  private final class StoredPayload implements Payload {
    private final Claim claim;
    private final Buffer first;

    StoredPayload(Claim claim, Buffer first) {
      this.claim = claim;
      this.first = first;
    }

    @Override
    public long length() {
      return claim.request().length();
    }

    @Override
    public Future<Buffer> part(int index) {
      return index == 0 ? Future.succeededFuture(first)
        : read(claim.id(), index).compose(answer -> decode(claim.id(), index, answer.get(0).toBuffer()));
    }
  }
}
