package io.anteroom.dispatch;

import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.EffectiveConfig;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Part;
import io.anteroom.queue.QueueConfig.Room;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the store which configuration this node has, and learns which one is in force; both again and again, for a
 * store can forget, and files change.
 *
 * <p>Where this node differs, it says so and goes by what is in force. To be asked from any thread.
 */
public final class ConfigPublisher {
  /** How often it is to be told. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ConfigPublisher.class);

  /** A change comes to the nodes one after the other: who differs for a moment says nothing. */
  private static final int TIMES_THAT_COUNT = 3;

  private final Settings settings;
  private final Supplier<Directory> files;
  private final TaskQueue queue;
  /** How often in a row each part was found to differ. */
  private final Map<Part, Integer> differed = new EnumMap<>(Part.class);
  private volatile Known known = new Known(Duration.ZERO, List.of(), List.of(), Set.of());
  private volatile Listing listing;
  private volatile Merged merged;

  /**
   * What is known of what is in force.
   *
   * @param lease     zero while nothing is known
   * @param instances all that are in force or drain
   */
  private record Known(Duration lease, List<Instance> instances, List<Instance> draining, Set<Part> differs) {
  }

  /** The version of the list of users in these files. */
  private record Listing(Directory files, String users) {
  }

  /** These files with what is known. */
  private record Merged(Directory files, Known known, Directory directory) {
  }

  public ConfigPublisher(Settings settings, Supplier<Directory> files, TaskQueue queue, MetricsRegistry tally) {
    this.settings = settings;
    this.files = files;
    this.queue = queue;
    tally.gauge(Metric.CONFIG_DIFFERS.word(), () -> known.differs().isEmpty() ? 0 : 1);
  }

  /** Tells what this node has, and takes note of what is in force. */
  public Future<Void> tell() {
    Directory told = files.get();
    QueueConfig own = configuration(settings, told, usersVersion(told));
    return queue.configure(own).map(inForce -> {
      note(inForce, inForce.differences(own));
      return null;
    });
  }

  /** What a node with these settings and files tells. */
  public static QueueConfig configuration(Settings settings, Directory files) {
    return configuration(settings, files, QueueConfig.digest(users(files)));
  }

  /** What the files say, and where the other instances are that are in force or drain. */
  public Directory directory() {
    Directory now = files.get();
    Known latest = known;
    Merged last = merged;
    if (last == null || last.files() != now || last.known() != latest) {
      last = new Merged(now, latest, now.knowing(latest.instances()));
      merged = last;
    }
    return last.directory();
  }

  /** Those of which it is to be seen how they are: all that this node lists, and those that drain. */
  List<Instance> watched() {
    Directory now = files.get();
    return Stream.concat(now.instances().stream(), known.draining().stream()
      .filter(drained -> now.instance(drained.name()).isEmpty())).toList();
  }

  /** How tasks are run, with the lease that is in force: the store gives no longer one. */
  Settings.Task task() {
    Duration lease = known.lease();
    return lease.isZero() ? settings.task() : settings.task().withLease(lease);
  }

  private synchronized void note(EffectiveConfig inForce, Map<Part, String> differences) {
    List<Instance> draining = instances(inForce.draining());
    List<Instance> all = Stream.concat(instances(inForce.settings().instances()).stream(), draining.stream()).toList();
    Known now = new Known(inForce.settings().lease(), all, draining, Set.copyOf(differences.keySet()));
    if (!now.equals(known)) {
      known = now;
    }
    for (Part part : Part.values()) {
      say(part, differences.get(part));
    }
  }

  /** @param difference null when this part is in force */
  private void say(Part part, String difference) {
    int times = differed.getOrDefault(part, 0);
    if (difference == null && times >= TIMES_THAT_COUNT) {
      log.info("This node has the configuration in force again: node={} part={}", settings.node(), part.word());
    } else if (difference != null && times + 1 == TIMES_THAT_COUNT) {
      log.warn("This node has another configuration than the one in force, by which all nodes go; make its files and "
        + "settings the same as on the other nodes: node={} part={} difference={}", settings.node(), part.word(),
        difference);
    }
    differed.put(part, difference == null ? 0 : Math.min(times + 1, TIMES_THAT_COUNT));
  }

  /** Those whose address the store knows. */
  private static List<Instance> instances(List<Room> rooms) {
    return rooms.stream().filter(room -> !room.address().isEmpty())
      .map(room -> new Instance(room.instance(), URI.create(room.address()), room.pool(), room.slots())).toList();
  }

  private String usersVersion(Directory now) {
    Listing last = listing;
    if (last == null || last.files() != now) {
      last = new Listing(now, QueueConfig.digest(users(now)));
      listing = last;
    }
    return last.users();
  }

  private static String users(Directory files) {
    return files.users().stream().map(Object::toString).sorted().collect(Collectors.joining("\n"));
  }

  private static QueueConfig configuration(Settings settings, Directory files, String users) {
    return new QueueConfig(settings.node(),
      settings.limit().concurrent(), settings.limit().userRunning(), settings.limit().userWaiting(),
      settings.task().lease(), settings.task().keepEnded(), settings.instances().maxBackoff(),
      files.instances().stream()
        .map(instance -> new Room(instance.name(), instance.pool(), instance.slots(), instance.url().toString()))
        .toList(), users);
  }
}
