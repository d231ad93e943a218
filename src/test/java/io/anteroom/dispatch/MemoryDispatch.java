package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;

import io.anteroom.cluster.Incarnation;
import io.anteroom.cluster.Membership;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.comfy.StatusSocket;
import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Submission;
import io.anteroom.support.MovableTicker;
import io.anteroom.support.Tasks;
import io.anteroom.support.cluster.LocalSemaphore;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.support.server.SmallInstance.Asked;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a dispatcher works with, in memory: a queue, permits, a clock that a test moves, and an instance that it plays.
 * Each user has a pool and an instance of their own name; all these instances are the same one.
 */
final class MemoryDispatch implements AutoCloseable {
  static final Settings SETTINGS = ConfigLoader.load(Optional.empty(), Map.of()).settings();

  final Vertx vertx = Vertx.vertx();
  final MovableTicker ticker = new MovableTicker();
  final SmallInstance instance = new SmallInstance(vertx);
  final LocalSemaphore permits;
  final MemoryTaskQueue queue;
  final RunContext context;
  private final Context loop = vertx.getOrCreateContext();
  private final Set<TaskId> running = ConcurrentHashMap.newKeySet();
  private final List<Integer> attempts = new CopyOnWriteArrayList<>();
  private final Set<TaskId> completed = ConcurrentHashMap.newKeySet();

  MemoryDispatch(int limit, String... users) {
    permits = new LocalSemaphore(limit);
    queue = new MemoryTaskQueue(vertx, Tasks.lab(limit, users), Clock.systemUTC());
    MetricsRegistry metrics = new MetricsRegistry();
    Directory directory = new Directory(List.of(), Stream.of(users)
      .map(user -> new Instance(user, instance.url(), user, 1)).toList());
    ConfigPublisher publisher = new ConfigPublisher(SETTINGS, () -> directory, queue, metrics);
    context = new RunContext(vertx, SETTINGS, publisher, queue, metrics, ticker);
    instance.answers("/prompt", this::accept);
    instance.answers("/queue", request -> json(request, running.stream()
      .map(id -> "[0,\"" + id + "\",{},{},[]]")
      .collect(Collectors.joining(",", "{\"queue_running\":[", "],\"queue_pending\":[]}"))));
  }

  Dispatcher dispatcher() {
    Membership alone = new Membership(new Incarnation("node", "1"), permits, heir -> () -> { });
    return new Dispatcher(context, alone, new StatusSocketPool(vertx, new StatusSocket(vertx, SETTINGS.instances()),
      context::directory, "node", at -> { }));
  }

  TaskId submits(String user) {
    TaskId id = TaskId.random();
    instance.answers("/history/" + id, request -> json(request, completed.contains(id)
      ? "{\"%s\":{\"outputs\":{},\"status\":{\"status_str\":\"success\",\"messages\":[]}}}".formatted(id) : "{}"));
    String body = PromptRequest.of(id, "tab-of-" + user, List.of("\"prompt\":{}"), List.of()).stored();
    done(queue.submit(new Submission(id, user, user, false, "tab-of-" + user, body, "")));
    return id;
  }

  /** A claim on the task that waits first, whose former owner came this far. */
  Claim claims(Claim.Stage stage) {
    Claim claim = done(queue.claim("node")).orElseThrow();
    return claim(claim, stage, claim.address(), claim.fence());
  }

  /** The same claim on an instance at this address. */
  static Claim at(String address, Claim claim) {
    return claim(claim, claim.stage(), address, claim.fence());
  }

  /** The same claim after another node has adopted the task. */
  static Claim outdated(Claim claim) {
    return claim(claim, claim.stage(), claim.address(), claim.fence() - 1);
  }

  private static Claim claim(Claim claim, Claim.Stage stage, String address, long fence) {
    return new Claim(claim.id(), claim.user(), claim.instance(), address, fence, claim.attempt(), claim.unspent(),
      stage, claim.clientId(), claim.request(), claim.runningMillis(), claim.cancelled(), claim.unanswered());
  }

  TaskStatus status(TaskId id) {
    return done(queue.status(id)).orElseThrow();
  }

  /** The instance runs this task. */
  void runs(TaskId id) {
    running.add(id);
  }

  void completes(TaskId id) {
    until(() -> running.contains(id));
    completed.add(id);
    running.remove(id);
  }

  /** The instance answers everything at this path with this status. */
  void fails(String path, int status) {
    instance.answers(path, request -> request.response().setStatusCode(status).end());
  }

  /** How many prompts the instance was sent. */
  long prompts() {
    return requests("/prompt");
  }

  /** How often its queue was polled. */
  long polls() {
    return instance.asked().stream().filter(asked -> asked.method() == HttpMethod.GET && asked.uri().equals("/queue"))
      .count();
  }

  /** The attempts that it accepted. */
  List<Integer> attempts() {
    return attempts;
  }

  /** How many changes it was asked for at this path. */
  long requests(String path) {
    return instance.asked().stream().filter(asked -> asked.method() == HttpMethod.POST && asked.uri().equals(path))
      .count();
  }

  List<Asked> asked() {
    return instance.asked();
  }

  /** Has the run of this task poll its instance, if it is not over. */
  void polls(Dispatcher dispatcher, TaskId id) {
    onLoop(() -> dispatcher.run(id).map(TaskRun::poll).orElseGet(Future::succeededFuture));
  }

  /** What came of a call on the dispatcher's event loop. */
  <T> T onLoop(Supplier<Future<T>> call) {
    return done(start(call));
  }

  <T> Future<T> start(Supplier<Future<T>> call) {
    return Future.future(result -> loop.runOnContext(now -> call.get().onComplete(result)));
  }

  @Override
  public void close() {
    done(vertx.close());
  }

  private void accept(HttpServerRequest request) {
    request.body().onSuccess(body -> {
      JsonObject prompt = body.toJsonObject();
      TaskId id = new TaskId(prompt.getString("prompt_id"));
      attempts.add(prompt.getJsonObject("extra_data").getJsonObject("anteroom").getInteger("attempt"));
      running.add(id);
      json(request, "{\"prompt_id\":\"%s\",\"number\":1,\"node_errors\":{}}".formatted(id));
    });
  }

  private static void json(HttpServerRequest request, String text) {
    request.response().putHeader("Content-Type", "application/json").end(text);
  }
}
