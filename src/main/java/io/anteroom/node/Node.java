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

/** One node: its place in the cluster, its way to the store, and the verticles of its roles. */
final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** Workflows of up to 100 MB are read here, off the event loops. */
  private static final int API_WORKERS = 2;

  private static final Duration STORE_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STORE_PAUSE = Duration.ofSeconds(2);

  private final Settings settings;
  private final ReloadableFiles watched;
  private final HazelcastMember member;
  private final RedisTaskQueue queue;
  private final RedisSignInStore signIns;
  private final MetricsRegistry tally = new MetricsRegistry();
  private final Clock clock = Clock.systemUTC();
  /** What was deployed, latest first: the order in which it is stopped. */
  private final Deque<String> deployed = new ArrayDeque<>();
  private final ConfigPublisher inventory;
  private final SharedStoreGuard guard;
  private String metrics;
  private long telling = -1;

  private Node(Settings settings, ReloadableFiles watched, HazelcastMember member, RedisEndpoint redis) {
    this.settings = settings;
    this.watched = watched;
    this.member = member;
    this.queue = new RedisTaskQueue(member.vertx(), redis, settings.limit().bounds());
    this.signIns = new RedisSignInStore(member.vertx(), redis);
    this.inventory = new ConfigPublisher(settings, watched.directory(), queue, tally);
    this.guard = new SharedStoreGuard(member.vertx(), member.stores(), queue::identity, placeOf(settings), new Roles());
    tally.gauge(Metric.CLUSTER_MEMBERS.word(), member::size);
  }

  /** Joins the cluster; nothing of this node runs yet. */
  static Future<Node> join(Settings settings, RedisEndpoint redis, ReloadableFiles watched) {
    Settings.Cluster cluster = settings.cluster();
    JoinSettings join = new JoinSettings(settings.node(), cluster.host(), cluster.port(), cluster.eventBusPort(),
      cluster.members(), cluster.file(), cluster.tls());
    return HazelcastMember.join(join, new VertxOptions())
      .map(member -> new Node(settings, watched, member, redis));
  }

  /**
   * Starts all roles, unless an earlier member has another store; says that it is ready last, and stops saying so
   * first.
   */
  Future<Void> start() {
    return awaitStore(System.nanoTime() + STORE_PATIENCE.toNanos())
      .compose(done -> guard.start())
      .compose(done -> listen("http.admin_port", settings.http().adminPort(), deployLast(this::metrics)));
  }

  /** Why it does not serve although it has started; empty when it does. */
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
      .compose(done -> keepInventory())
      .compose(done -> role(Role.API, this::api, onWorkers))
      .compose(done -> role(Role.INJECTION, () -> new InjectionVerticle(settings, inventory::directory, tally), one))
      .compose(done -> listen("http.port", settings.http().port(), role(Role.EDGE, this::edge, perCore)))
      .recover(failure -> stopRoles().transform(stopped -> Future.failedFuture(failure)));
  }

  private Future<Void> stopRoles() {
    member.vertx().cancelTimer(telling);
    return undeployAll();
  }

  /** A node that dispatches nothing has the same say on what is in force, and has to know it. */
  private Future<Void> keepInventory() {
    if (settings.roles().contains(Role.DISPATCH)) {
      return Future.succeededFuture();
    }
    telling = member.vertx().setPeriodic(ConfigPublisher.INTERVAL.toMillis(), tick -> tellInventory());
    return tellInventory();
  }

  private Future<Void> tellInventory() {
    return inventory.publish().onFailure(failure -> log.warn("Could not publish the configuration of this node, "
      + "next try at the next tick: cause={}", failure.getMessage())).otherwiseEmpty();
  }

  /** The one-time code by which the first admin of a new lab signs in; empty when an admin can already. */
  Future<Optional<FirstAdminSetup.Welcome>> firstAdmin() {
    return settings.auth().has(Way.USERS)
      ? new FirstAdminSetup(member.vertx().getOrCreateContext(), signIns, watched.directory(), watched.passwords())
      .welcome()
      : Future.succeededFuture(Optional.empty());
  }

  /** Lets nobody in any more and hands over what runs. The store goes on; leaving the cluster is {@link #leave}. */
  Future<Void> stop() {
    guard.end();
    return undeployMetrics()
      .eventually(this::stopRoles)
      .eventually(queue::close)
      .eventually(signIns::close)
      .onSuccess(done -> log.info("Node stopped: node={}", settings.node()));
  }

  /** Leaves the cluster. Apart from {@link #stop}, whose future would end on an event loop that this one closes. */
  Future<Void> leave() {
    return member.vertx().close();
  }

  /** After a power cut the whole lab starts at once, and the store may be the last that is ready. */
  private Future<Void> awaitStore(long deadline) {
    return queue.reachable().compose(there -> {
      if (there || System.nanoTime() - deadline > 0) {
        return Future.succeededFuture();
      }
      log.warn("The store does not answer yet, this node waits for it: redis={} patience={}s",
        settings.redis(), STORE_PATIENCE.toSeconds());
      return member.vertx().timer(STORE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
        .compose(waited -> awaitStore(deadline));
    });
  }

  private static String placeOf(Settings settings) {
    return settings.redis().url().map(RedisUrl::hidden).orElse("the embedded Redis of " + settings.node());
  }

  private Deployable status() {
    return new StatusVerticle(queue, settings.task().pollInterval(), tally, clock);
  }

  private Deployable dispatch() {
    return new DispatchVerticle(settings, inventory, queue, member.membership(), tally);
  }

  private Deployable edge() {
    return new EdgeVerticle(settings, inventory::directory, new AuthStores(signIns, watched.passwords()), tally,
      watched.students());
  }

  private Deployable api() {
    return new QueueApiVerticle(queue, inventory::directory, settings.http().bodyLimit(), settings.instances(), tally);
  }

  private Deployable metrics() {
    return new AdminVerticle(settings, queue, tally, clock, watched.admins(), guard::objection);
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
      metrics = id;
      return null;
    });
  }

  private Future<Void> undeployMetrics() {
    return metrics == null ? Future.succeededFuture() : member.vertx().undeploy(metrics);
  }

  private Future<Void> undeployAll() {
    if (deployed.isEmpty()) {
      return Future.succeededFuture();
    }
    return member.vertx().undeploy(deployed.pop()).eventually(this::undeployAll);
  }

  /** What a node does apart from saying how it is. */
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
