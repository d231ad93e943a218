package io.anteroom.support.browser;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.bus.StatusServices;
import io.anteroom.comfy.objectinfo.ObjectInfoCache;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.edge.EdgeVerticle;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queueapi.QueueApiVerticle;
import io.anteroom.queueapi.QueueApiVerticle.Timeouts;
import io.anteroom.support.Tasks;
import io.anteroom.support.TestSettings;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.support.redis.SharedSignInStore;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What a student meets: the edge and the queue's API, as on a node, before one place and a queue in memory. */
public final class FrontDoor implements AutoCloseable {
  private static final Settings.Instances INSTANCES =
    new Settings.Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10), 64);

  private final Vertx vertx;
  private final MemoryTaskQueue queue;
  private final Directory directory;
  private final MetricsRegistry tally = new MetricsRegistry();
  private final String api;
  private final String edge;
  private final Settings settings = TestSettings.edge(INSTANCES);

  /** Students {@code alice} and {@code bob} share the instance at {@code comfy}. */
  public FrontDoor(Vertx vertx, URI comfy) {
    this(vertx, comfy, TestSettings.PATIENCE);
  }

  /** The same, where the answer to a submit is held back for so long. */
  public FrontDoor(Vertx vertx, URI comfy, Timeouts patience) {
    this.vertx = vertx;
    this.queue = new MemoryTaskQueue(vertx, Tasks.lab(1, "gpu"), Clock.systemUTC());
    this.directory = new Directory(List.of(user("alice"), user("bob")),
      List.of(new Instance("gpu", comfy, "gpu", 1)));
    new Bus(vertx).serve(StatusServices.TIME, nothing -> queue.time());
    api = done(vertx.deployVerticle(
      () -> new QueueApiVerticle(queue, () -> directory, TestSettings.BODY_LIMIT, patience, tally),
      new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER).setInstances(2)));
    edge = done(vertx.deployVerticle(() ->
      new EdgeVerticle(settings, () -> directory, SharedSignInStore.unasked(vertx), tally),
      new DeploymentOptions().setInstances(2)));
  }

  public MemoryTaskQueue queue() {
    return queue;
  }

  /** Workflows can be judged now: the node has learned what nodes the instance has. */
  public void awaitLearned() {
    Instance gpu = directory.instance("gpu").orElseThrow();
    Duration timeout = Duration.ofSeconds(9);
    ObjectInfoCache infos = new ObjectInfoCache(vertx, new ObjectInfoClient(vertx, timeout, TlsTrust.USUAL, timeout));
    until(() -> infos.known(gpu).isPresent());
  }

  /** From now on everything waits: bob runs for ever. */
  public void fillTheOnlyPlace() {
    assertThat(run("bob", Workflows.lasting(9_999)).status()).isEqualTo(200);
    assertThat(done(queue.claim("node"))).isPresent();
  }

  /** How many requests have come in so far. */
  public long requests() {
    return tally.read().getOrDefault("edge_requests", 0L);
  }

  public String url() {
    return "http://127.0.0.1:" + settings.http().port();
  }

  /** Presses Run. */
  public Student.Answer run(String student, JsonObject workflow) {
    return send(student, new JsonObject().put("prompt", workflow));
  }

  /** Sends all that a page could. */
  public Student.Answer send(String student, JsonObject body) {
    return new Student(student).post(url() + "/u/" + student + "/api/prompt", body.encode());
  }

  private static User user(String name) {
    return new User(name, name, "class", User.Role.STUDENT, "gpu");
  }

  @Override
  public void close() {
    done(vertx.undeploy(edge).compose(gone -> vertx.undeploy(api)));
  }
}
