package io.anteroom.queue;

import io.anteroom.identity.Sha256;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a node's settings and lists say about the queue.
 *
 * @param node           whose they are
 * @param limit          tasks processing at once over the whole lab; in force until the setting or an admin changes it
 * @param userRunning    tasks of one user that run at once
 * @param userWaiting    tasks of one user that wait
 * @param lease          how long a processing task stays its node's without a sign of life
 * @param keepEnded      how long an ended task can still be asked for
 * @param maxBackoff     how long at most an instance gets no task after faults
 * @param instances      all there are
 * @param users          the version of the list of users, of which the queue keeps nothing else
 */
public record QueueConfig(
    String node, int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded,
    Duration maxBackoff, List<Room> instances, String users) {
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);
  private static final int VERSION_BYTES = 8;

  public QueueConfig {
    instances = List.copyOf(instances);
  }

  /** With the usual backoff. */
  public QueueConfig(
      int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded, List<Room> instances) {
    this(limit, userRunning, userWaiting, lease, keepEnded, MAX_BACKOFF, instances);
  }

  /** Of a node that need not be told from others. */
  public QueueConfig(int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded,
      Duration maxBackoff, List<Room> instances) {
    this("", limit, userRunning, userWaiting, lease, keepEnded, maxBackoff, instances, "");
  }

  /** A part that is in force apart from the others, so that a change of one leaves the others as they are. */
  public enum Part {
    SETTINGS, INSTANCES, USERS;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One instance: which pool it serves, how many tasks it may be given at once, and where it is. */
  public record Room(String instance, String pool, int slots, String address) {
    /** One whose address does not matter. */
    public Room(String instance, String pool, int slots) {
      this(instance, pool, slots, "");
    }
  }

  /** Of what this part says; another one whenever it says something else. */
  public String version(Part part) {
    return switch (part) {
      case SETTINGS -> digest(List.of(limit, userRunning, userWaiting, lease, keepEnded, maxBackoff).toString());
      case INSTANCES -> digest(instances.stream().sorted(Comparator.comparing(Room::instance)).map(Room::toString)
        .collect(Collectors.joining("\n")));
      case USERS -> users.isEmpty() ? "none" : users;
    };
  }

  /** A short name of a text. */
  public static String digest(String text) {
    return HexFormat.of().formatHex(Sha256.of(text), 0, VERSION_BYTES);
  }
}
