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

/** Tells this node's figures each second and, on one node, the cluster's; serves the admin port. */
public final class AdminVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AdminVerticle.class);
  private static final long EVERY_MILLIS = 1_000;
  /** A node that has just come does not know the others yet: it listens first. */
  private static final int LISTENING_TICKS = 2;

  private final Settings settings;
  private final TaskQueue queue;
  private final MetricsRegistry tally;
  private final Clock clock;
  private final ServerTls certificate;
  private final Supplier<String> objection;
  private List<Bus.Registration> subscriptions = List.of();
  private Bus bus;
  private NodeMetrics figures;
  private ClusterMetrics sum;
  private int ticks;
  private boolean tellsSum;

  /** With an admin port without TLS. */
  public AdminVerticle(Settings settings, TaskQueue queue, MetricsRegistry tally, Clock clock) {
    this(settings, queue, tally, clock, Optional::empty, () -> "");
  }

  /**
   * With an admin port that shows the certificate in force, unless there is none.
   *
   * @param objection why the node does not serve; empty when it does
   */
  public AdminVerticle(Settings settings, TaskQueue queue, MetricsRegistry tally, Clock clock,
      Supplier<Optional<Certificate>> certificate, Supplier<String> objection) {
    this.settings = settings;
    this.queue = queue;
    this.tally = tally;
    this.clock = clock;
    this.certificate = new ServerTls(certificate);
    this.objection = objection;
  }

  @Override
  public Future<?> start() {
    LoopLag lag = new LoopLag();
    lag.start(vertx);
    bus = new Bus(vertx);
    figures = new NodeMetrics(tally, queue, lag);
    sum = new ClusterMetrics(clock);
    subscriptions = List.of(
      bus.subscribe(MetricsSnapshot.NODE, sum::note), bus.subscribe(MetricsSnapshot.CLUSTER, this::heardSum));
    vertx.setPeriodic(EVERY_MILLIS, tick -> tell());
    ReadinessCheck readiness = new ReadinessCheck(vertx, queue, settings, objection);
    return new AdminServer(settings.http(), certificate, readiness, figures).listen(vertx);
  }

  @Override
  public Future<?> stop() {
    return Future.join(subscriptions.stream().map(Bus.Registration::unregister).toList());
  }

  private void tell() {
    if (!objection.get().isEmpty()) {
      // It knows nothing of the lab that its cluster serves.
      return;
    }
    figures.read()
      .onSuccess(now -> bus.publish(MetricsSnapshot.NODE, new MetricsSnapshot(settings.node(), clock.millis(), now)))
      .onFailure(cause -> log.error("This node's figures were not told, the next come in a second", cause));
    tellsSum = ++ticks > LISTENING_TICKS && sum.isFirst(settings.node());
    if (tellsSum) {
      bus.publish(MetricsSnapshot.CLUSTER, sum.read());
    }
  }

  private void heardSum(MetricsSnapshot ofCluster) {
    if (!tellsSum) {
      sum.heardSum(ofCluster);
    }
  }
}
