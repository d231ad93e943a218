package io.anteroom.dispatch;

import io.anteroom.config.Settings;
import java.time.Duration;
import java.util.Set;

/**
 * How long nothing has moved at an instance in whose own queue a task waits: its worker may be dead or paused. Counts
 * from the first look to the latest that saw the same; an instance that does not answer shows nothing.
 */
final class Standstill {
  private final Settings.Task settings;
  private Set<String> running = Set.of();
  private boolean seen;
  private long first;
  private long latest;

  Standstill(Settings.Task settings) {
    this.settings = settings;
  }

  /** The task waits there, while these run. */
  void sees(Set<String> now) {
    latest = System.nanoTime();
    if (!seen || !running.equals(now)) {
      seen = true;
      running = now;
      first = latest;
    }
  }

  /** It does not wait there any more. */
  void ends() {
    seen = false;
  }

  /** Nothing runs and the task is not begun, or what runs should have been stopped long ago. */
  boolean isTooLong() {
    return seen && lasted().compareTo(allowed()) > 0;
  }

  /** And the instance had its time to give the task back. */
  boolean isHopeless() {
    return seen && lasted().compareTo(allowed().plus(settings.interruptGrace())) > 0;
  }

  private Duration lasted() {
    return Duration.ofNanos(latest - first);
  }

  private Duration allowed() {
    return running.isEmpty() ? settings.grace() : settings.timeout().plus(settings.interruptGrace());
  }
}
