package io.anteroom.cluster.hazelcast;

import static com.hazelcast.instance.EndpointQualifier.MEMBER;
import static io.anteroom.support.Awaited.until;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters that see each other become one. */
class MergeIT {

  /** As a node does that starts when a split heals: both halves answer, and it joins the second one. */
  @Test
  void whoAskedOneClusterAndIsInTheOtherKeepsThemNotApart(@TempDir Path directory) throws IOException {
    try (Members members = new Members(2, directory)) {
      // Of two clusters of one size, that with the higher address has to look for the other.
      int higher = members.settings(0).port() > members.settings(1).port() ? 0 : 1;
      HazelcastMember alice = members.startAlone(higher);
      HazelcastMember bob = members.startAlone(1 - higher);
      List<LifecycleState> lived = new CopyOnWriteArrayList<>();
      alice.hazelcast().getLifecycleService().addLifecycleListener(event -> lived.add(event.getState()));

      askToJoin(bob, alice);

      until(() -> lived.contains(LifecycleState.MERGED) && alice.size() == 2 && bob.size() == 2);
    }
  }

  private static void askToJoin(HazelcastMember asking, HazelcastMember asked) {
    Node node = ((HazelcastInstanceProxy) asking.hazelcast()).getOriginal().node;
    Address address = asked.hazelcast().getCluster().getLocalMember().getAddress();
    until(() -> node.getServer().getConnectionManager(MEMBER).getOrConnect(address) != null);
    node.getClusterService().getClusterJoinManager().sendJoinRequest(address);
  }
}
