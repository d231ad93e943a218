package io.anteroom.queue;

import java.time.Duration;
import java.util.List;

/**
 * What the settings say about the queue.
 *
 * @param limit          tasks processing at once over the whole lab; in force until the setting or an admin changes it
 * @param userRunning    tasks of one user that run at once
 * @param userWaiting    tasks of one user that wait
 * @param lease          how long a processing task stays its node's without a sign of life
 * @param keepEnded      how long an ended task can still be asked for
 * @param maxBackoff     how long at most an instance gets no task after faults
 * @param instances      all there are
 */
public record Configuration(
    int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded, Duration maxBackoff,
    List<Room> instances) {
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

  /** With the usual backoff. */
  public Configuration(
      int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded, List<Room> instances) {
    this(limit, userRunning, userWaiting, lease, keepEnded, MAX_BACKOFF, instances);
  }

  /** One instance: which pool it serves, and how many tasks it may be given at once. */
  public record Room(String instance, String pool, int slots) {
  }
}
