package io.anteroom.edge;

import io.anteroom.config.Settings;
import io.anteroom.edge.admission.BodyReader.BodyBudget;
import io.anteroom.edge.admission.ConcurrencyLimiter;
import io.anteroom.edge.admission.RateLimiter;
import io.anteroom.edge.proxy.FairShares;
import io.anteroom.edge.session.CloseReason.PendingCloses;
import io.anteroom.edge.session.SessionRegistry.SessionTable;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits that all edge verticles of a node share, however many event loops serve it. */
public record NodeLimits(BodyBudget bodies, ConcurrencyLimiter streams, ConcurrencyLimiter sockets,
    ConcurrencyLimiter connections, ConcurrencyLimiter proxyConnections, RateLimiter rates, FairShares forwarded,
    FairShares reads, PendingCloses pendingCloses, SessionTable sessions) implements Shareable {
  private static final Logger log = LoggerFactory.getLogger(NodeLimits.class);
  private static final int STREAMS_PER_USER = 20;
  private static final int SOCKETS_PER_USER = 200;
  /** A school class may share one address; each of its browsers has six connections and its sockets. */
  private static final int CONNECTIONS_PER_ADDRESS = 2_000;
  /** All classes of the lab come from a proxy's address at once. */
  private static final int CONNECTIONS_PER_PROXY = 20_000;

  /** A page with hundreds of scripts requests all of them at once when a proxy in front speaks HTTP/2. */
  private static final int WAITING_PER_CONNECTION = 16;
  /** Concurrent reads of lists from one instance; the panel needs three or four of them. */
  private static final int CONCURRENT_READS = 8;
  private static final int WAITING_READS = 64;

  public static NodeLimits of(Vertx vertx, Settings settings) {
    LocalMap<String, NodeLimits> shared = vertx.sharedData().getLocalMap("anteroom.edge");
    return shared.computeIfAbsent("bounds", first -> create(vertx, settings));
  }

  private static NodeLimits create(Vertx vertx, Settings settings) {
    Settings.Bounds bounds = settings.limit().bounds();
    long bodies = bounds.bodies(Runtime.getRuntime().maxMemory());
    log.info("Limits in force: body_limit={} body_memory={} user_runs_per_second={} user_changes_per_second={}",
      Math.min(bodies, settings.http().bodyLimit()), bodies, bounds.userRunsPerSecond(),
      bounds.userChangesPerSecond());
    int connections = settings.instances().connections();
    Duration idle = settings.instances().idleTimeout();
    return new NodeLimits(new BodyBudget(bodies),
      new ConcurrencyLimiter("event streams", STREAMS_PER_USER), new ConcurrencyLimiter("sockets", SOCKETS_PER_USER),
      new ConcurrencyLimiter("connections", CONNECTIONS_PER_ADDRESS),
      new ConcurrencyLimiter("connections", CONNECTIONS_PER_PROXY),
      new RateLimiter(bounds.userRunsPerSecond(), bounds.userChangesPerSecond(), System::nanoTime),
      new FairShares(vertx, connections, connections * WAITING_PER_CONNECTION, idle),
      new FairShares(vertx, CONCURRENT_READS, WAITING_READS, idle), new PendingCloses(), new SessionTable());
  }
}
