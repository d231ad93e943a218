package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;

import io.anteroom.bus.Bus;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.dispatch.DispatchVerticle;
import io.anteroom.edge.EdgeVerticle;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queueapi.QueueApiVerticle;
import io.anteroom.simulator.Simulator;
import io.anteroom.status.StatusVerticle;
import io.anteroom.support.Tasks;
import io.anteroom.support.TestSettings;
import io.anteroom.support.cluster.FreeSemaphore;
import io.anteroom.support.cluster.SimulatedInstances;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.support.redis.SharedSignInStore;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * A whole node on two event loops but for Redis and a cluster. Alice and bob have simulated instances of their own,
 * carol and dave share one; erin has a stub of her own, frank and gina share it under another name.
 */
public final class SessionFixture implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  public final Vertx vertx = Vertx.vertx();
  public final Bus bus = new Bus(vertx);
  public final MetricsRegistry tally = new MetricsRegistry();
  public final SimulatedInstances lab = new SimulatedInstances(vertx, Simulator.Options.of(3));
  public final SmallInstance stub = new SmallInstance(vertx);
  public final MemoryTaskQueue queue = new MemoryTaskQueue(vertx, Tasks.lab(1), Clock.systemUTC());
  private final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
    .setMaxFrameSize(20 << 20).setMaxMessageSize(20 << 20).setMaxConnections(Integer.MAX_VALUE));
  private final Settings settings;
  private final Directory directory;
  private final String edges;

  /** @param limit tasks that may run at once */
  public SessionFixture(int limit, Duration grace) {
    settings = TestSettings.node(limit, grace);
    stub.answers("/prompt", SessionFixture::idleAndUnwilling);
    directory = directory();
    done(vertx.deployVerticle(new StatusVerticle(queue, Duration.ofSeconds(2), tally, Clock.systemUTC())));
    done(vertx.deployVerticle(new DispatchVerticle(settings, () -> directory, queue, FreeSemaphore.alone(), tally)));
    done(vertx.deployVerticle(
      new QueueApiVerticle(queue, () -> directory, TestSettings.BODY_LIMIT, settings.instances(), tally),
      new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    edges = done(vertx.deployVerticle(
      () -> new EdgeVerticle(settings, () -> directory, SharedSignInStore.unasked(vertx), tally),
      new DeploymentOptions().setInstances(2)));
  }

  public SessionFixture(int limit) {
    this(limit, Duration.ofSeconds(60));
  }

  /** Opens a page's socket with this wish. */
  public Tab tab(String user, String clientId) {
    return Tab.open(sockets, new WebSocketConnectOptions().setHost("127.0.0.1").setPort(settings.http().port())
      .setURI("/u/" + user + "/ws?clientId=" + clientId).setAllowOriginHeader(false));
  }

  /** Presses Run; the id of the task. */
  public String run(String user, Object clientId, JsonObject workflow) {
    JsonObject answer = submit(user, clientId, workflow);
    return answer.getString("prompt_id", answer.encode());
  }

  /** Presses Run; what it is answered. */
  public JsonObject submit(String user, Object clientId, JsonObject workflow) {
    return new JsonObject(submitText(user, clientId, workflow));
  }

  /** The same, letter for letter. */
  public String submitText(String user, Object clientId, JsonObject workflow) {
    JsonObject body = new JsonObject().put("prompt", workflow).put("client_id", clientId);
    return ask(HttpRequest.newBuilder(uri("/u/" + user + "/api/prompt"))
      .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
  }

  public void cancel(String user, String task) {
    ask(HttpRequest.newBuilder(uri("/api/v1/comfy/queue/" + task + "?user=" + user)).DELETE());
  }

  /** Lets no browser in any more and sends those away that are there. */
  public Future<Void> stopEdges() {
    return vertx.undeploy(edges);
  }

  public long figure(String name) {
    return tally.read().getOrDefault(name, 0L);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + settings.http().port() + path);
  }

  private static String ask(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  /** The stub is idle, and refuses every workflow as ComfyUI does. */
  private static void idleAndUnwilling(HttpServerRequest request) {
    if (request.method() == HttpMethod.GET) {
      request.response().end("{\"exec_info\":{\"queue_remaining\":0}}");
    } else {
      request.response().setStatusCode(400).end("""
        {"error":{"type":"prompt_outputs_failed_validation","message":"Prompt outputs failed validation","details":""},
        "node_errors":{"4":{"class_type":"Loader","errors":[{"message":"Value not in list","details":"no such file"}]}}}
        """);
    }
  }

  private Directory directory() {
    return new Directory(
      List.of(user("alice", "comfy-1"), user("bob", "comfy-2"), user("carol", "comfy-3"), user("dave", "comfy-3"),
        user("erin", "stub"), user("frank", "stub-for-two"), user("gina", "stub-for-two")),
      List.of(instance("comfy-1", lab.instance(0).url()), instance("comfy-2", lab.instance(1).url()),
        instance("comfy-3", lab.instance(2).url()), instance("stub", stub.url().toString()),
        instance("stub-for-two", stub.url().toString())));
  }

  private static Instance instance(String name, String url) {
    return new Instance(name, URI.create(url), name, 1);
  }

  private static User user(String name, String instance) {
    return new User(name, name, "class", User.Role.STUDENT, instance);
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
