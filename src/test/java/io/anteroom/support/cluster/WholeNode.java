package io.anteroom.support.cluster;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static io.vertx.core.ThreadingModel.EVENT_LOOP;
import static io.vertx.core.ThreadingModel.WORKER;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.cluster.hazelcast.HazelcastMember;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.dispatch.DispatchVerticle;
import io.anteroom.edge.EdgeVerticle;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Submission;
import io.anteroom.queueapi.QueueApiVerticle;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.status.StatusVerticle;
import io.anteroom.support.FreePorts;
import io.anteroom.support.TestSettings;
import io.anteroom.support.client.Student;
import io.anteroom.support.redis.SharedSignInStore;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.TestAuthority.Issued;
import io.anteroom.support.server.TlsFront;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A whole node in this JVM, with a real Redis and simulated instances: alice and bob have one each, carol and dave
 * share the third.
 */
public final class WholeNode implements AutoCloseable {
  private final TestRedis redis = TestRedis.start();
  private final HazelcastMember member;
  private final RedisTaskQueue queue;
  private final SimulatedInstances comfy;
  private final Directory directory;
  private final Map<String, String> given;
  private final Settings settings;
  /** Latest first, the order in which they are stopped. */
  private final Deque<String> deployed = new ArrayDeque<>();
  private String dispatcher;

  private WholeNode(ComfyVersion version, Map<String, String> given, Optional<Issued> shown) {
    Map<String, String> variables = new HashMap<>(Map.of(
      "ANTEROOM_TASK_POLL_INTERVAL", "500ms", "ANTEROOM_TASK_INTERRUPT_GRACE", "2s",
      "ANTEROOM_INSTANCE_PROBE_INTERVAL", "500ms", "ANTEROOM_HTTP_PORT", String.valueOf(FreePorts.next())));
    variables.putAll(given);
    this.given = variables;
    settings = settings(variables);
    int port = FreePorts.next();
    member = done(HazelcastMember.join(
      new JoinSettings("whole-" + port, "127.0.0.1", port, 0, List.of(), Optional.empty(),
        TlsTrust.USUAL), new VertxOptions()));
    queue = redis.queue(member.vertx());
    comfy = new SimulatedInstances(member.vertx(), Simulator.Options.of(3).withVersion(version));
    directory = new Directory(
      List.of(user("alice", 1), user("bob", 2), user("carol", 3), user("dave", 3)),
      Stream.of(0, 1, 2).map(comfy::instance)
        .map(at -> new Instance(at.name(), address(at, shown), at.name(), 1)).toList());
  }

  private URI address(SimulatedComfy at, Optional<Issued> shown) {
    URI own = URI.create(at.url());
    return shown.map(certificate -> new TlsFront(vertx(), certificate, own).url()).orElse(own);
  }

  /** Starts one; {@code variables} are names and values of settings in turn. */
  public static WholeNode start(ComfyVersion version, String... variables) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      given.put(variables[i], variables[i + 1]);
    }
    return start(version, given, Optional.empty());
  }

  /** The same with instances behind TLS, which show this. */
  public static WholeNode behindTls(Issued shown, ComfyVersion version, Map<String, String> variables) {
    return start(version, variables, Optional.of(shown));
  }

  private static WholeNode start(ComfyVersion version, Map<String, String> variables, Optional<Issued> shown) {
    WholeNode node = new WholeNode(version, variables, shown);
    node.deploy();
    return node;
  }

  private void deploy() {
    MetricsRegistry tally = new MetricsRegistry();
    Clock clock = Clock.systemUTC();
    deploy(new StatusVerticle(queue, settings.task().pollInterval(), tally, clock), EVENT_LOOP);
    dispatcher = deployDispatcher(settings, tally);
    deploy(new QueueApiVerticle(queue, () -> directory, settings.http().bodyLimit(), TestSettings.PATIENCE, tally),
      WORKER);
    deploy(new EdgeVerticle(settings, () -> directory, SharedSignInStore.unasked(member.vertx()), tally), EVENT_LOOP);
  }

  private String deploy(Deployable verticle, ThreadingModel model) {
    deployed.push(done(vertx().deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model))));
    return deployed.peek();
  }

  private String deployDispatcher(Settings with, MetricsRegistry tally) {
    return deploy(new DispatchVerticle(with, () -> directory, queue, member.membership(), tally), EVENT_LOOP);
  }

  /** Has another dispatcher take over, with a time-out that no test reaches. */
  public void timesNothingOutAnyMore() {
    deployed.remove(dispatcher);
    done(vertx().undeploy(dispatcher));
    Map<String, String> variables = new HashMap<>(given);
    variables.put("ANTEROOM_TASK_TIMEOUT", "1h");
    dispatcher = deployDispatcher(settings(variables), new MetricsRegistry());
  }

  /** The student's page, with a slash at its end. */
  public String page(String user) {
    return "http://127.0.0.1:" + settings.http().port() + "/u/" + user + "/";
  }

  /** Presses Run; answers the task's id. */
  public String run(String user, JsonObject workflow) {
    JsonObject body = new JsonObject().put("prompt", workflow);
    return new Student(user).post(page(user) + "api/prompt", body.encode()).taskId();
  }

  /** Puts a workflow into the queue that no submit would let pass. */
  public String runUnchecked(String user, JsonObject workflow) {
    TaskId id = TaskId.random();
    PromptRequest body = PromptRequest.of(id, "tab", List.of("\"prompt\":" + workflow.encode()), List.of());
    String pool = directory.pool(directory.user(user).orElseThrow()).orElseThrow();
    done(queue.submit(new Submission(id, user, pool, false, "tab", body.stored(), "")));
    new Bus(vertx()).publish(Events.WAKE, null);
    return id.value();
  }

  public TaskStatus status(String task) {
    return done(queue.status(new TaskId(task))).orElseThrow();
  }

  /** Waits until the queue knows that it runs at its instance. */
  public void awaitRunning(String task) {
    until(() -> status(task).times().started().isPresent());
  }

  /** Waits until the queue knows that it has ended. */
  public TaskStatus awaitEnd(String task) {
    until(() -> status(task).state().isFinal());
    return status(task);
  }

  /** The instances: alice's, bob's, and the one of carol and dave. */
  public SimulatedInstances comfy() {
    return comfy;
  }

  public TestRedis redis() {
    return redis;
  }

  public Vertx vertx() {
    return member.vertx();
  }

  @Override
  public void close() {
    deployed.forEach(verticle -> done(vertx().undeploy(verticle)));
    comfy.close();
    done(queue.close());
    done(member.vertx().close());
    redis.close();
  }

  private static Settings settings(Map<String, String> variables) {
    return ConfigLoader.load(Optional.empty(), variables).settings();
  }

  private static User user(String name, int instance) {
    return new User(name, name, "class", User.Role.STUDENT, "comfy-" + instance);
  }
}
