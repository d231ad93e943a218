package io.anteroom.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.Incarnation;
import io.anteroom.cluster.Membership;
import io.anteroom.cluster.Membership.Departures;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * This node as a member of the cluster. Closing its Vert.x leaves the cluster gracefully.
 *
 * @param membership what the rest of the node knows of the cluster; the id of its incarnation is also that of Vert.x
 */
public record HazelcastMember(Vertx vertx, HazelcastInstance hazelcast, Membership membership) {
  /** The member attribute under which Vert.x keeps the node's id; unlike Hazelcast's own, it outlives a merge. */
  static final String NODE_ID = "__vertx.nodeId";
  /** The member attribute with the node's name; a member without it only listens to the event bus. */
  static final String NODE_NAME = "anteroom.node";
  /** The member attribute with the {@link #PROTOCOL_VERSION} of a node; a node of an older Anteroom has none. */
  static final String PROTOCOL = "anteroom.protocol";
  /**
   * Of what nodes exchange: the serialised classes of the permit table, and the addresses and messages of the event
   * bus. Counts up with every change that nodes of the former version would misread.
   */
  static final String PROTOCOL_VERSION = "1";

  private static final Duration PERMIT_TIMEOUT = Duration.ofMillis(200);
  private static final int CONNECT_TIMEOUT_MS = 5_000;

  /** The node's id in the whole cluster, new at every start. */
  public String nodeId() {
    return membership.incarnation().id();
  }

  /** How many nodes the cluster has, this one included; 0 once it has left. Members that only listen do not count. */
  public int size() {
    return hazelcast.getLifecycleService().isRunning() ? (int) hazelcast.getCluster().getMembers().stream()
      .filter(member -> member.getAttribute(NODE_NAME) != null).count() : 0;
  }

  /** The permits that all members share. */
  public ClusterSemaphore semaphore() {
    return membership.semaphore();
  }

  /** Which store each member uses. */
  public HazelcastStores stores() {
    return new HazelcastStores(vertx, hazelcast);
  }

  /** Starts Hazelcast and a clustered Vert.x on top. Fails with a {@link JoinException}. */
  public static Future<HazelcastMember> join(JoinSettings settings, VertxOptions options) {
    // Without a host of its own, the event bus listens where Hazelcast does.
    EventBusOptions eventBus = new EventBusOptions(options.getEventBusOptions())
      .setPort(settings.eventBusPort())
      .setConnectTimeout(CONNECT_TIMEOUT_MS);
    EventBusTls tls = new EventBusTls(settings.tls());
    return Future.succeededFuture(settings)
      .map(HazelcastConfig::of)
      .compose(config -> join(tls.announcedIn(config),
        new VertxOptions(options).setEventBusOptions(tls.applyTo(eventBus)), tls));
  }

  private static Future<HazelcastMember> join(Config config, VertxOptions options, EventBusTls tls) {
    HazelcastClusterManager manager = new HazelcastClusterManager(config);
    return Vertx.builder().with(options).withClusterManager(manager).buildClustered()
      .compose(vertx -> new PeerHandshake(vertx, manager, tls).toAll().map(accepted -> member(vertx, manager)))
      .recover(cause -> Future.failedFuture(cause instanceof JoinException known ? known
        : JoinException.of(cause, config.getNetworkConfig(), options.getEventBusOptions().getPort())));
  }

  private static HazelcastMember member(Vertx vertx, HazelcastClusterManager manager) {
    HazelcastInstance hazelcast = manager.getHazelcastInstance();
    Incarnation incarnation = new Incarnation(hazelcast.getConfig().getMemberAttributeConfig().getAttribute(NODE_NAME),
      manager.getNodeId());
    return new HazelcastMember(vertx, hazelcast, new Membership(
      incarnation, HazelcastSemaphore.of(vertx, hazelcast, PERMIT_TIMEOUT), new HazelcastDepartures(vertx, hazelcast)));
  }

  /** Departures as Hazelcast sees them: a second after a {@code kill -9}, after the heartbeat timeout if one hangs. */
  static final class HazelcastDepartures implements Departures {
    private final Vertx vertx;
    private final HazelcastInstance hazelcast;

    HazelcastDepartures(Vertx vertx, HazelcastInstance hazelcast) {
      this.vertx = vertx;
      this.hazelcast = hazelcast;
    }

    /** The incarnation of a member; null until it has joined completely. */
    static Incarnation incarnationOf(Member member) {
      String id = member.getAttribute(HazelcastMember.NODE_ID);
      return id == null ? null : new Incarnation(member.getAttribute(HazelcastMember.NODE_NAME), id);
    }

    @Override
    public Subscription subscribe(Consumer<Incarnation> subscriber) {
      Context caller = vertx.getOrCreateContext();
      UUID listener = hazelcast.getCluster().addMembershipListener(new MembershipListener() {
        @Override
        public void memberAdded(MembershipEvent event) {
          // It owns nothing that could be taken over.
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
          Incarnation gone = incarnationOf(event.getMember());
          if (gone != null) {
            caller.runOnContext(now -> subscriber.accept(gone));
          }
        }
      });
      return () -> {
        if (hazelcast.getLifecycleService().isRunning()) {
          hazelcast.getCluster().removeMembershipListener(listener);
        }
      };
    }
  }
}
