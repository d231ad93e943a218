package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.cluster.hazelcast.HazelcastMember;
import io.anteroom.comfy.ComfyClient;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Submission;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.FreePorts;
import io.anteroom.support.redis.RedisRelay;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A dispatching node with a store, a cluster and simulated instances of its own. */
public final class DispatchFixture implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final TestRedis redis = TestRedis.start();
  private final HazelcastMember member;
  private final RedisTaskQueue queue;
  private final Map<String, String> settings = new HashMap<>(Map.of(
    "ANTEROOM_TASK_POLL_INTERVAL", "500ms", "ANTEROOM_TASK_INTERRUPT_GRACE", "2s", "ANTEROOM_TASK_LEASE", "6s",
    "ANTEROOM_TASK_POST_TIMEOUT", "2s", "ANTEROOM_TASK_GRACE", "3s", "ANTEROOM_INSTANCE_PROBE_INTERVAL", "500ms"));
  /** The dispatcher's way to Redis, apart from that of the test. */
  private final RedisRelay relay = RedisRelay.to(redis.access());
  private RedisTaskQueue dispatchersQueue;
  private UnaryOperator<Simulator.Options> fitted = options -> options;
  private final MetricsRegistry metrics = new MetricsRegistry();
  private Simulator simulator;
  /** How many of the instances are listed. */
  private int listed = Integer.MAX_VALUE;
  private volatile Directory directory;
  private String deployment;

  private DispatchFixture(HazelcastMember member) {
    this.member = member;
    this.queue = redis.queue(member.vertx());
    this.dispatchersQueue = new RedisTaskQueue(member.vertx(), relay.access());
  }

  public static DispatchFixture start() {
    int port = FreePorts.next();
    JoinSettings join = new JoinSettings("dispatch-" + port, "127.0.0.1", port, 0, List.of(), Optional.empty(),
        TlsTrust.USUAL);
    return new DispatchFixture(done(HazelcastMember.join(join, new VertxOptions())));
  }

  public DispatchFixture limit(int places) {
    settings.put("COMFY_MAX_CONCURRENT", String.valueOf(places));
    return this;
  }

  public DispatchFixture timeout(String duration) {
    settings.put("ANTEROOM_TASK_TIMEOUT", duration);
    return this;
  }

  /** Sets an environment variable of the dispatcher. */
  public DispatchFixture with(String variable, String value) {
    settings.put(variable, value);
    return this;
  }

  /** Sets how long the dispatcher waits for a reply of the store. */
  public DispatchFixture storeTimeout(Duration timeout) {
    done(dispatchersQueue.close());
    dispatchersQueue = new RedisTaskQueue(member.vertx(), relay.access(), timeout);
    return this;
  }

  /** Puts a guard into each instance. */
  public DispatchFixture guarded() {
    fitted = Simulator.Options::withGuard;
    return this;
  }

  /** Puts a guard with a secret into each instance, which the dispatcher knows. */
  public DispatchFixture guarded(String secret) {
    fitted = options -> options.withGuard(secret);
    settings.put("ANTEROOM_INSTANCE_GUARD_SECRET", secret);
    return this;
  }

  /** Lists no more than the first so many of the instances. */
  public DispatchFixture listing(int count) {
    listed = count;
    return this;
  }

  /** Starts so many instances, named comfy-1 and so on, each a pool of its own, and a dispatcher for them. */
  public void instances(int count, ComfyVersion version) {
    simulator = new Simulator(member.vertx(), fitted.apply(Simulator.Options.of(count).withVersion(version)));
    done(simulator.start());
    list(listed);
    startDispatching();
  }

  /** Lists the first so many of the instances from now on, as a change of {@code instances.csv} does. */
  public void list(int count) {
    directory = new Directory(List.of(), simulator.instances().stream().limit(count)
      .map(comfy -> new Instance(comfy.name(), URI.create(comfy.url()), comfy.name(), 1)).toList());
  }

  /** Dispatches to one instance, comfy-1, that a test plays itself. */
  public void instanceAt(SmallInstance played) {
    played.answers("/history", request -> request.response().putHeader("Content-Type", "application/json").end("{}"));
    instanceAt(played.url());
  }

  /** The same of one that answers to everything itself. */
  public void instanceAt(URI url) {
    listAt(url);
    startDispatching();
  }

  /** Lists comfy-1 alone from now on, at this address. */
  public void listAt(URI url) {
    directory = new Directory(List.of(), List.of(new Instance("comfy-1", url, "comfy-1", 1)));
  }

  public void startDispatching() {
    Settings loaded = loaded();
    deployment = done(member.vertx().deployVerticle(
      new DispatchVerticle(loaded, () -> directory, dispatchersQueue, member.membership(), metrics)));
    // For a test that plays another node with the same lists.
    done(queue.configure(ConfigPublisher.configuration(loaded, directory)));
  }

  public void stopDispatching() {
    done(stopping());
  }

  /** Done when the dispatcher has stopped. */
  public Future<Void> stopping() {
    return member.vertx().undeploy(deployment);
  }

  public TaskId submit(String user, String pool, JsonObject workflow) {
    TaskId id = TaskId.random();
    PromptRequest body = PromptRequest.of(id, "tab-of-" + user, List.of("\"prompt\":" + workflow.encode()), List.of());
    Submission submission = new Submission(id, user, pool, false, "tab-of-" + user, body.stored(), "");
    // On a busy machine the store may answer too late; the same submit again is the same task.
    await().atMost(TIMEOUT).ignoreExceptions().until(() -> done(queue.submit(submission)) != null);
    new Bus(member.vertx()).publish(Events.WAKE, null);
    return id;
  }

  public TaskStatus status(TaskId id) {
    return done(queue.status(id)).orElseThrow();
  }

  public RunLedger ledger() {
    return simulator.ledger();
  }

  /** What a node at the instance's door, with no dispatcher behind it, talks with. */
  public ComfyClient client() {
    return new ComfyClient(member.vertx(), loaded().instances(), loaded().task().postTimeout());
  }

  public Instance at(String name) {
    return directory.instance(name).orElseThrow();
  }

  public SimulatedComfy instance(int index) {
    return simulator.instances().get(index);
  }

  /** Lets what runs end well, whatever time it would still take. */
  public void finish(TaskId task) {
    until(() -> ledger().runsOf(task.value()).stream().anyMatch(run -> !run.isOver()));
    // One that has just begun may be at a node before the one that takes so long.
    until(() -> {
      simulator.instances().forEach(comfy -> done(comfy.finish(task.value())));
      return ledger().runsOf(task.value()).stream().allMatch(Run::isOver);
    });
  }

  public RedisTaskQueue queue() {
    return queue;
  }

  /** How many tasks the dispatcher watches. */
  public long watched() {
    return metrics().get("dispatch_running");
  }

  /** What the dispatcher has counted. */
  public Map<String, Long> metrics() {
    return metrics.read();
  }

  /** The permits of the dispatcher's node. */
  public ClusterSemaphore semaphore() {
    return member.membership().semaphore();
  }

  /** A field of what the store has of a task. */
  public String stored(TaskId task, String field) {
    return String.valueOf(redis.ask("HGET", "{anteroom}:task:" + task.value(), field));
  }

  /** Has the store say that a task began so long ago. */
  public void beganAgo(TaskId task, Duration ago) {
    long began = Instant.now().minus(ago).toEpochMilli();
    redis.ask("HSET", "{anteroom}:task:" + task.value(), "started", String.valueOf(began));
  }

  /** What stands between the dispatcher and Redis. */
  public RedisRelay relay() {
    return relay;
  }

  public Vertx vertx() {
    return member.vertx();
  }

  public RedisEndpoint access() {
    return redis.access();
  }

  private Settings loaded() {
    return ConfigLoader.load(Optional.empty(), settings).settings();
  }

  @Override
  public void close() {
    done(queue.close());
    done(dispatchersQueue.close());
    done(member.vertx().close());
    relay.close();
    redis.close();
  }
}
