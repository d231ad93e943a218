package io.anteroom.queue;

import io.anteroom.identity.Sha256;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The part of a node's settings and lists that concerns the queue.
 *
 * @param node           the node that they are of
 * @param limit          tasks processing at once in the whole lab; in force until the setting or an admin changes it
 * @param userRunning    tasks of one user that run at once
 * @param userWaiting    tasks of one user that wait
 * @param lease          how long a processing task stays with its node without a renewal
 * @param keepEnded      how long an ended task is kept
 * @param maxBackoff     the longest pause of an instance after faults
 * @param instances      all instances of the list
 * @param users          the version of the list of users; the queue keeps no more of it
 */
public record QueueConfig(
    String node, int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded,
    Duration maxBackoff, List<Room> instances, String users) {
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);
  private static final int VERSION_BYTES = 8;

  public QueueConfig {
    instances = List.copyOf(instances);
  }

  /** With the default backoff. */
  public QueueConfig(
      int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded, List<Room> instances) {
    this(limit, userRunning, userWaiting, lease, keepEnded, MAX_BACKOFF, instances);
  }

  /** For a single node, which needs no name. */
  public QueueConfig(int limit, int userRunning, int userWaiting, Duration lease, Duration keepEnded,
      Duration maxBackoff, List<Room> instances) {
    this("", limit, userRunning, userWaiting, lease, keepEnded, maxBackoff, instances, "");
  }

  /** A part with a version of its own, so that a change of one leaves the others as they are. */
  public enum Part {
    SETTINGS, INSTANCES, USERS;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An instance: its pool, how many tasks it may run at once (slots), and its URL. */
  public record Room(String instance, String pool, int slots, String address) {
    /** An instance whose address does not matter. */
    public Room(String instance, String pool, int slots) {
      this(instance, pool, slots, "");
    }
  }

  /** The version of a part: a digest of its content. */
  public String version(Part part) {
    return switch (part) {
      case SETTINGS -> digest(List.of(limit, userRunning, userWaiting, lease, keepEnded, maxBackoff).toString());
      case INSTANCES -> digest(instances.stream().sorted(Comparator.comparing(Room::instance)).map(Room::toString)
        .collect(Collectors.joining("\n")));
      case USERS -> users.isEmpty() ? "none" : users;
    };
  }

  /** A short digest of a text. */
  public static String digest(String text) {
    return HexFormat.of().formatHex(Sha256.of(text), 0, VERSION_BYTES);
  }
}
