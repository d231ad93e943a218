package io.anteroom.node;

import io.anteroom.admin.AdminVerticle;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.cluster.hazelcast.HazelcastMember;
import io.anteroom.config.AuthSettings.Way;
import io.anteroom.config.RedisUrl;
import io.anteroom.config.Settings;
import io.anteroom.config.Settings.Role;
import io.anteroom.dispatch.ConfigPublisher;
import io.anteroom.dispatch.DispatchVerticle;
import io.anteroom.edge.EdgeVerticle;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.auth.password.FirstAdminSetup;
import io.anteroom.injection.InjectionVerticle;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.node.Launcher.CouldNotStart;
import io.anteroom.queueapi.QueueApiVerticle;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.status.StatusVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: its membership in the cluster, its connection to the store, and the verticles of its roles. */
final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** Workflows of up to 100 MB are read here, off the event loops. */
  private static final int API_WORKERS = 2;

  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STORE_PAUSE = Duration.ofSeconds(2);

  private final Settings settings;
  private final ReloadableFiles files;
  private final HazelcastMember member;
  private final RedisTaskQueue queue;
  private final RedisSignInStore signIns;
  private final MetricsRegistry metrics = new MetricsRegistry();
  private final Clock clock = Clock.systemUTC();
  /** The deployed verticles, latest first: the order in which they are stopped. */
  private final Deque<String> deployed = new ArrayDeque<>();
  private final ConfigPublisher configPublisher;
  private final SharedStoreGuard guard;
  private String adminId;
  private long publishTimer = -1;

  private Node(Settings settings, ReloadableFiles files, HazelcastMember member, RedisEndpoint redis) {
    this.settings = settings;
    this.files = files;
    this.member = member;
    this.queue = new RedisTaskQueue(member.vertx(), redis, settings.limit().bounds());
    this.signIns = new RedisSignInStore(member.vertx(), redis);
    this.configPublisher = new ConfigPublisher(settings, files.directory(), queue, metrics);
    this.guard = new SharedStoreGuard(member.vertx(), member.stores(), queue::identity, storeOf(settings), new Roles());
    metrics.gauge(Metric.CLUSTER_MEMBERS.word(), member::size);
  }

  /** Joins the cluster; no role runs yet. */
  static Future<Node> join(Settings settings, RedisEndpoint redis, ReloadableFiles files) {
    Settings.Cluster cluster = settings.cluster();
    JoinSettings join = new JoinSettings(settings.node(), cluster.host(), cluster.port(), cluster.eventBusPort(),
      cluster.members(), cluster.file(), cluster.tls());
    return HazelcastMember.join(join, new VertxOptions())
      .map(member -> new Node(settings, files, member, redis));
  }

  /**
   * Starts all roles, unless an earlier member has another store. Readiness comes last at the start and goes first at
   * the end.
   */
  Future<Void> start() {
    return awaitStore(System.nanoTime() + STORE_TIMEOUT.toNanos())
      .compose(done -> guard.start())
      .compose(done -> listen("http.admin_port", settings.http().adminPort(), deployLast(this::admin)));
  }

  /** Why it does not serve although it has started; empty if it does. */
  Optional<String> objection() {
    return Optional.of(guard.objection()).filter(why -> !why.isEmpty());
  }

  private Future<Void> startRoles() {
    DeploymentOptions one = new DeploymentOptions();
    DeploymentOptions perCore = new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    DeploymentOptions onWorkers = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)
      .setInstances(API_WORKERS).setWorkerPoolName("api").setWorkerPoolSize(API_WORKERS);
    return role(Role.STATUS, this::status, one)
      .compose(done -> role(Role.DISPATCH, this::dispatch, one))
      .compose(done -> startPublishing())
      .compose(done -> role(Role.API, this::api, onWorkers))
      .compose(done -> role(Role.INJECTION, this::injection, one))
      .compose(done -> listen("http.port", settings.http().port(), role(Role.EDGE, this::edge, perCore)))
      .recover(failure -> stopRoles().transform(stopped -> Future.failedFuture(failure)));
  }

  private Future<Void> stopRoles() {
    member.vertx().cancelTimer(publishTimer);
    return undeployAll();
  }

  /** A node without the dispatch role publishes its configuration too, and has to know the one in force. */
  private Future<Void> startPublishing() {
    if (settings.roles().contains(Role.DISPATCH)) {
      return Future.succeededFuture();
    }
    publishTimer = member.vertx().setPeriodic(ConfigPublisher.INTERVAL.toMillis(), tick -> publishConfig());
    return publishConfig();
  }

  private Future<Void> publishConfig() {
    return configPublisher.publish().onFailure(failure -> log.warn("Could not publish the configuration of this node, "
      + "retrying at the next tick: cause={}", failure.getMessage())).otherwiseEmpty();
  }

  /** The one-time code by which the first admin of a new lab signs in; empty if an admin can already sign in. */
  Future<Optional<FirstAdminSetup.FirstCode>> firstAdmin() {
    return settings.auth().has(Way.USERS)
      ? new FirstAdminSetup(member.vertx().getOrCreateContext(), signIns, files.directory(), files.passwords())
      .createCode()
      : Future.succeededFuture(Optional.empty());
  }

  /**
   * Stops accepting requests and drains the roles (graceful shutdown). The store keeps running; {@link #leave} leaves
   * the cluster.
   */
  Future<Void> stop() {
    guard.end();
    return undeployMetrics()
      .eventually(this::stopRoles)
      .eventually(queue::close)
      .eventually(signIns::close)
      .onSuccess(done -> log.info("Node stopped: node={}", settings.node()));
  }

  /** Leaves the cluster. Separate from {@link #stop}, whose future would complete on an event loop that this closes. */
  Future<Void> leave() {
    return member.vertx().close();
  }

  /** After a power cut the whole lab starts at once, and the store may be ready last. */
  private Future<Void> awaitStore(long deadline) {
    return queue.reachable().compose(there -> {
      if (there || System.nanoTime() - deadline > 0) {
        return Future.succeededFuture();
      }
      log.warn("Store does not answer yet, waiting for it: redis={} timeout={}s",
        settings.redis(), STORE_TIMEOUT.toSeconds());
      return member.vertx().timer(STORE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
        .compose(waited -> awaitStore(deadline));
    });
  }

  private static String storeOf(Settings settings) {
    return settings.redis().url().map(RedisUrl::hidden).orElse("the embedded Redis of " + settings.node());
  }

  private Deployable status() {
    return new StatusVerticle(queue, settings.task().pollInterval(), metrics, clock);
  }

  private Deployable dispatch() {
    return new DispatchVerticle(settings, configPublisher, queue, member.membership(), metrics);
  }

  private Deployable injection() {
    return new InjectionVerticle(settings, configPublisher::directory, metrics);
  }

  private Deployable edge() {
    return new EdgeVerticle(settings, configPublisher::directory, new AuthStores(signIns, files.passwords()), metrics,
      files.students());
  }

  private Deployable api() {
    return new QueueApiVerticle(queue, configPublisher::directory, settings.http().bodyLimit(), settings.instances(),
      metrics);
  }

  private Deployable admin() {
    return new AdminVerticle(settings, queue, metrics, clock, files.admins(), guard::objection);
  }

  private static Future<Void> listen(String key, int port, Future<Void> listening) {
    return listening.recover(failure -> Future.failedFuture(CouldNotStart.naming(key + " " + port, failure)));
  }

  private Future<Void> role(Role role, Supplier<Deployable> verticle, DeploymentOptions options) {
    return settings.roles().contains(role) ? deploy(verticle, options) : Future.succeededFuture();
  }

  private Future<Void> deploy(Supplier<Deployable> verticle, DeploymentOptions options) {
    return member.vertx().deployVerticle(verticle, options).map(id -> {
      deployed.push(id);
      return null;
    });
  }

  private Future<Void> deployLast(Supplier<Deployable> verticle) {
    return member.vertx().deployVerticle(verticle, new DeploymentOptions()).map(id -> {
      adminId = id;
      return null;
    });
  }

  private Future<Void> undeployMetrics() {
    return adminId == null ? Future.succeededFuture() : member.vertx().undeploy(adminId);
  }

  private Future<Void> undeployAll() {
    if (deployed.isEmpty()) {
      return Future.succeededFuture();
    }
    return member.vertx().undeploy(deployed.pop()).eventually(this::undeployAll);
  }

  /** The roles, which run only while the store is that of the cluster. */
  private final class Roles implements SharedStoreGuard.Service {
    @Override
    public Future<Void> start() {
      return startRoles();
    }

    @Override
    public Future<Void> stop() {
      return stopRoles();
    }
  }
}
