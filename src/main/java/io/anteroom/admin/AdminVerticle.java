package io.anteroom.admin;

import io.anteroom.admin.NodeMetrics.LoopLag;
import io.anteroom.bus.Bus;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.ServerTls;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.metrics.MetricsSnapshot;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes this node's metrics every second and, on one node, those of the cluster; serves the admin port. */
public final class AdminVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AdminVerticle.class);
  private static final long EVERY_MILLIS = 1_000;
  /** A new node does not know the others yet: it listens first. */
  private static final int LISTENING_TICKS = 2;

  private final Settings settings;
  private final TaskQueue queue;
  private final MetricsRegistry metrics;
  private final Clock clock;
  private final ServerTls certificate;
  private final Supplier<String> objection;
  private List<Bus.Registration> subscriptions = List.of();
  private Bus bus;
  private NodeMetrics nodeMetrics;
  private ClusterMetrics clusterMetrics;
  private int ticks;
  private boolean publishesCluster;

  /** Without TLS on the admin port. */
  public AdminVerticle(Settings settings, TaskQueue queue, MetricsRegistry metrics, Clock clock) {
    this(settings, queue, metrics, clock, Optional::empty, () -> "");
  }

  /**
   * With TLS on the admin port if there is a certificate.
   *
   * @param objection why the node does not serve; empty if it does
   */
  public AdminVerticle(Settings settings, TaskQueue queue, MetricsRegistry metrics, Clock clock,
      Supplier<Optional<Certificate>> certificate, Supplier<String> objection) {
    this.settings = settings;
    this.queue = queue;
    this.metrics = metrics;
    this.clock = clock;
    this.certificate = new ServerTls(certificate);
    this.objection = objection;
  }

  @Override
  public Future<?> start() {
    LoopLag lag = new LoopLag();
    lag.start(vertx);
    bus = new Bus(vertx);
    nodeMetrics = new NodeMetrics(metrics, queue, lag);
    clusterMetrics = new ClusterMetrics(clock);
    subscriptions = List.of(bus.subscribe(MetricsSnapshot.NODE, clusterMetrics::add),
      bus.subscribe(MetricsSnapshot.CLUSTER, this::onSum));
    vertx.setPeriodic(EVERY_MILLIS, tick -> publish());
    ReadinessCheck readiness = new ReadinessCheck(vertx, queue, settings, objection);
    return new AdminServer(settings.http(), certificate, readiness, nodeMetrics).listen(vertx);
  }

  @Override
  public Future<?> stop() {
    return Future.join(subscriptions.stream().map(Bus.Registration::unregister).toList());
  }

  private void publish() {
    if (!objection.get().isEmpty()) {
      // Its store is not that of the cluster.
      return;
    }
    nodeMetrics.read()
      .onSuccess(now -> bus.publish(MetricsSnapshot.NODE, new MetricsSnapshot(settings.node(), clock.millis(), now)))
      .onFailure(cause -> log.error("Could not publish the metrics of this node, retrying in a second", cause));
    publishesCluster = ++ticks > LISTENING_TICKS && clusterMetrics.isFirst(settings.node());
    if (publishesCluster) {
      bus.publish(MetricsSnapshot.CLUSTER, clusterMetrics.read());
    }
  }

  private void onSum(MetricsSnapshot ofCluster) {
    if (!publishesCluster) {
      clusterMetrics.addSum(ofCluster);
    }
  }
}
