package io.anteroom.cluster;

import java.util.function.Consumer;

/**
 * This node as one of its cluster.
 *
 * @param life       the present one
 * @param semaphore  the permits that all nodes share
 * @param departures the other nodes that leave
 */
public record Membership(Incarnation life, ClusterSemaphore semaphore, Departures departures) {

  /**
   * Tells which nodes leave the cluster. A hint: it may be missed, and in a split of the cluster both halves live on.
   */
  public interface Departures {

    /** Calls back, on the caller's context, whenever a node was killed, has stopped, or cannot be reached any more. */
    Hearing hear(Consumer<Incarnation> heir);

    /** What ends the calls. */
    @FunctionalInterface
    interface Hearing {
      void end();
    }
  }
}
