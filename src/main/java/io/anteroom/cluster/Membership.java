package io.anteroom.cluster;

import java.util.function.Consumer;

/**
 * This node as a member of its cluster.
 *
 * @param incarnation the present one of this node
 * @param semaphore   the permits that all nodes share
 * @param departures  events of other nodes that leave
 */
public record Membership(Incarnation incarnation, ClusterSemaphore semaphore, Departures departures) {

  /**
   * Publishes which nodes leave the cluster. A hint: an event may be missed, and in a split both halves live on.
   */
  public interface Departures {

    /** Calls back, on the caller's context, whenever a node was killed, has stopped, or is no longer reachable. */
    Subscription subscribe(Consumer<Incarnation> subscriber);

    /** A subscription, until it is cancelled. */
    @FunctionalInterface
    interface Subscription {
      void cancel();
    }
  }
}
