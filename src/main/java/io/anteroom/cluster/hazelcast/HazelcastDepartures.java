package io.anteroom.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import io.anteroom.cluster.Departures;
import io.anteroom.cluster.Life;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.function.Consumer;

/** Hears from Hazelcast who leaves: a second after a {@code kill -9}, after its heartbeat's patience when one hangs. */
final class HazelcastDepartures implements Departures {
  private final Vertx vertx;
  private final HazelcastInstance hazelcast;

  HazelcastDepartures(Vertx vertx, HazelcastInstance hazelcast) {
    this.vertx = vertx;
    this.hazelcast = hazelcast;
  }

  /** The life of a member; none while it has not joined to the end. */
  static Life lifeOf(Member member) {
    String id = member.getAttribute(ClusterMember.NODE_ID);
    return id == null ? null : new Life(member.getAttribute(ClusterMember.NODE_NAME), id);
  }

  @Override
  public Hearing hear(Consumer<Life> heir) {
    Context caller = vertx.getOrCreateContext();
    UUID listener = hazelcast.getCluster().addMembershipListener(new MembershipListener() {
      @Override
      public void memberAdded(MembershipEvent event) {
        // It has nothing that anybody could take over.
      }

      @Override
      public void memberRemoved(MembershipEvent event) {
        Life gone = lifeOf(event.getMember());
        if (gone != null) {
          caller.runOnContext(now -> heir.accept(gone));
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
