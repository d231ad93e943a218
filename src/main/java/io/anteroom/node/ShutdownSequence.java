package io.anteroom.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process has started, ended in the opposite order when it is to stop or when its start fails half-way. */
public final class ShutdownSequence {
  private static final Logger log = LoggerFactory.getLogger(ShutdownSequence.class);

  private final Deque<End> ends = new ArrayDeque<>();

  /** How one thing is ended; may block. */
  @FunctionalInterface
  public interface Ending {
    void end() throws Exception;
  }

  private record End(String what, Ending ending) {
  }

  /** A lifetime that ends with the process. */
  public static ShutdownSequence ofProcess() {
    ShutdownSequence lifetime = new ShutdownSequence();
    Runtime.getRuntime().addShutdownHook(new Thread(lifetime::end, "stop"));
    return lifetime;
  }

  /** Notes how to end something that was just started. */
  public synchronized void atEnd(String what, Ending ending) {
    ends.push(new End(what, ending));
  }

  /** Ends everything, the latest first; what fails to end does not keep the rest from ending. */
  synchronized void end() {
    while (!ends.isEmpty()) {
      End next = ends.pop();
      try {
        next.ending().end();
      } catch (Exception failure) {
        log.warn("Could not end in good order: what={} cause={}", next.what(), failure.getMessage());
      }
    }
  }
}
