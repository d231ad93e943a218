package io.anteroom.cluster;

import java.util.function.Consumer;

/** Tells which nodes leave the cluster. A hint: it may be missed, and in a split of the cluster both halves live on. */
public interface Departures {

  /** Calls back, on the caller's context, whenever a node was killed, has stopped, or cannot be reached any more. */
  Hearing hear(Consumer<Life> heir);

  /** What ends the calls. */
  @FunctionalInterface
  interface Hearing {
    void end();
  }
}
