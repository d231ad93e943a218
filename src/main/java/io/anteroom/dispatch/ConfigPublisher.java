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
 * Publishes this node's configuration to the store, and reads which one is in force; both periodically, because a store
 * can forget, and files change.
 *
 * <p>Where this node differs, it logs that and follows what is in force. May be used from any thread.
 */
public final class ConfigPublisher {
  /** How often to publish. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ConfigPublisher.class);

  /** A change reaches the nodes one after the other, so a difference is logged only when it lasts. */
  private static final int LOG_THRESHOLD = 3;

  private final Settings settings;
  private final Supplier<Directory> files;
  private final TaskQueue queue;
  /** How often in a row each part differed. */
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

  public ConfigPublisher(Settings settings, Supplier<Directory> files, TaskQueue queue, MetricsRegistry metrics) {
    this.settings = settings;
    this.files = files;
    this.queue = queue;
    metrics.gauge(Metric.CONFIG_DIFFERS.word(), () -> known.differs().isEmpty() ? 0 : 1);
  }

  /** Publishes the configuration of this node, and records what is in force. */
  public Future<Void> publish() {
    Directory now = files.get();
    QueueConfig own = configuration(settings, now, usersVersion(now));
    return queue.configure(own).map(inForce -> {
      record(inForce, inForce.differences(own));
      return null;
    });
  }

  /** The configuration of a node with these settings and files. */
  public static QueueConfig configuration(Settings settings, Directory files) {
    return configuration(settings, files, QueueConfig.digest(users(files)));
  }

  /** The users and instances of the files, and the other instances that are in force or drain. */
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

  /** The instances whose health is checked: all that this node lists, and those that drain. */
  List<Instance> watched() {
    Directory now = files.get();
    return Stream.concat(now.instances().stream(), known.draining().stream()
      .filter(drained -> now.instance(drained.name()).isEmpty())).toList();
  }

  /** How tasks are run, with the lease in force: the store grants no longer one. */
  Settings.Task task() {
    Duration lease = known.lease();
    return lease.isZero() ? settings.task() : settings.task().withLease(lease);
  }

  private synchronized void record(EffectiveConfig inForce, Map<Part, String> differences) {
    List<Instance> draining = instances(inForce.draining());
    List<Instance> all = Stream.concat(instances(inForce.settings().instances()).stream(), draining.stream()).toList();
    Known now = new Known(inForce.settings().lease(), all, draining, Set.copyOf(differences.keySet()));
    if (!now.equals(known)) {
      known = now;
    }
    for (Part part : Part.values()) {
      logDifference(part, differences.get(part));
    }
  }

  /** @param difference null when this part is in force */
  private void logDifference(Part part, String difference) {
    int times = differed.getOrDefault(part, 0);
    if (difference == null && times >= LOG_THRESHOLD) {
      log.info("This node has the configuration in force again: node={} part={}", settings.node(), part.word());
    } else if (difference != null && times + 1 == LOG_THRESHOLD) {
      log.warn("This node has another configuration than the one in force, which all nodes follow; make its files and "
        + "settings the same as on the other nodes: node={} part={} difference={}", settings.node(), part.word(),
        difference);
    }
    differed.put(part, difference == null ? 0 : Math.min(times + 1, LOG_THRESHOLD));
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
