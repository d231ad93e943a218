package io.anteroom.queue;

import io.anteroom.queue.QueueConfig.Part;
import io.anteroom.queue.QueueConfig.Room;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration in force, which the queue follows whatever the files of a single node say.
 *
 * @param versions of each part; empty while no node runs
 * @param settings the limits and the instances
 * @param draining instances that left the list while tasks ran there
 */
public record EffectiveConfig(Map<Part, String> versions, QueueConfig settings, List<Room> draining) {
  private static final int MAX_NAMED = 5;

  public EffectiveConfig {
    versions = Map.copyOf(versions);
    draining = List.copyOf(draining);
  }

  /** How the configuration of a node differs, in words by part; empty when it is the one in force. */
  public Map<Part, String> differences(QueueConfig own) {
    Map<Part, String> differences = new EnumMap<>(Part.class);
    versions.forEach((part, version) -> {
      if (!version.isEmpty() && !version.equals(own.version(part))) {
        differences.put(part, words(part, own));
      }
    });
    return differences;
  }

  private String words(Part part, QueueConfig own) {
    List<String> all = switch (part) {
      case SETTINGS -> settings(own);
      case INSTANCES -> instances(own);
      case USERS -> List.of("users.csv is not that of the node that was changed last");
    };
    String named = all.stream().limit(MAX_NAMED).collect(Collectors.joining("; "));
    return all.size() > MAX_NAMED ? named + "; and %d more".formatted(all.size() - MAX_NAMED) : named;
  }

  private List<String> settings(QueueConfig own) {
    return Stream.of(
        compare("limit.concurrent", own, QueueConfig::limit),
        compare("limit.user_running", own, QueueConfig::userRunning),
        compare("limit.user_waiting", own, QueueConfig::userWaiting),
        compare("task.lease", own, one -> one.lease().toSeconds() + "s"),
        compare("task.keep_ended", own, one -> one.keepEnded().toMinutes() + "m"),
        compare("instance.max_backoff", own, one -> one.maxBackoff().toSeconds() + "s"))
      .flatMap(List::stream).toList();
  }

  private List<String> compare(String key, QueueConfig own, Function<QueueConfig, Object> value) {
    Object here = value.apply(own);
    Object there = value.apply(settings);
    return here.equals(there) ? List.of() : List.of("%s is %s here, %s in force".formatted(key, here, there));
  }

  private List<String> instances(QueueConfig own) {
    Map<String, Room> here = byName(own);
    Map<String, Room> there = byName(settings);
    List<String> words = new ArrayList<>();
    there.forEach((name, room) -> {
      Room mine = here.get(name);
      if (mine == null) {
        words.add(name + " is in force, but not in instances.csv here");
      } else if (!mine.equals(room)) {
        words.add("%s is %s here, %s in force".formatted(name, shown(mine), shown(room)));
      }
    });
    here.keySet().stream().filter(name -> !there.containsKey(name))
      .forEach(name -> words.add(name + " is in instances.csv here, but not in force"));
    return words;
  }

  private static Map<String, Room> byName(QueueConfig of) {
    Map<String, Room> rooms = new TreeMap<>();
    of.instances().forEach(room -> rooms.put(room.instance(), room));
    return rooms;
  }

  private static String shown(Room room) {
    return "%s in pool %s with %d slots".formatted(room.address(), room.pool(), room.slots());
  }
}
