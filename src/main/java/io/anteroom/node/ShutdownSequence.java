package io.anteroom.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops what this process has started, in reverse order, at its end or after a failed start (graceful shutdown). */
public final class ShutdownSequence {
  private static final Logger log = LoggerFactory.getLogger(ShutdownSequence.class);

  private final Deque<End> ends = new ArrayDeque<>();

  /** Stops one thing; may block. */
  @FunctionalInterface
  public interface Ending {
    void end() throws Exception;
  }

  private record End(String what, Ending ending) {
  }

  /** A sequence that runs at the end of the process. */
  public static ShutdownSequence ofProcess() {
    ShutdownSequence sequence = new ShutdownSequence();
    Runtime.getRuntime().addShutdownHook(new Thread(sequence::end, "stop"));
    return sequence;
  }

  /** Registers how to stop something that was just started. */
  public synchronized void atEnd(String what, Ending ending) {
    ends.push(new End(what, ending));
  }

  /** Stops everything, the latest first; a failure does not keep the rest from being stopped. */
  synchronized void end() {
    while (!ends.isEmpty()) {
      End next = ends.pop();
      try {
        next.ending().end();
      } catch (Exception failure) {
        log.warn("Shutdown did not finish cleanly: what={} cause={}", next.what(), failure.getMessage());
      }
    }
  }
}
