package io.anteroom.doctor;

import io.anteroom.config.Settings;
import io.anteroom.config.Settings.Role;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.redis.embedded.EmbeddedRedis;
import io.anteroom.redis.embedded.RedisBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks before the start whether a node with these settings can run on this machine. The doctor reports the failures,
 * {@code start} ends with them. Blocks; changes nothing.
 */
public final class Preflight {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Set<String> STUDENT_PORTS = Set.of("http.port", "isolation.ports");
  private static final long MIN_HEAP_MB = 64;
  /** Java does not count all of the heap: 61 MB for -Xmx64m. */
  private static final long MIN_COUNTED_MB = 60;

  private final Settings settings;

  /** A port on which the node or the embedded Redis will listen. */
  private record Listener(String key, String host, int port) {
  }

  public Preflight(Settings settings) {
    this.settings = settings;
  }

  /** Everything that prevents the start, each with its remedy; empty if nothing does. */
  public List<String> failures() {
    return Stream.of(memory(), data(), ports())
      .filter(finding -> finding.level() == Finding.Level.WRONG)
      .map(finding -> "%s; %s".formatted(finding.text(), finding.remedy())).toList();
  }

  /** Whether this process has enough memory for a node. */
  public Finding memory() {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    return heap >= MIN_COUNTED_MB ? Finding.ok("memory", "the heap may grow to %d MB".formatted(heap))
      : Finding.wrong("memory", "not enough memory: the heap may grow to %d MB, the minimum is %d MB".formatted(heap,
        MIN_HEAP_MB), "give Java more with -Xmx, or the machine or container more memory");
  }

  /** Whether the folder of the embedded Redis can be used. */
  public Finding data() {
    if (settings.redis().url().isPresent()) {
      return Finding.ok("data", "all data is in the Redis of redis.url");
    }
    return RedisBackend.own(settings).obstacle()
      .map(why -> Finding.wrong("data", "data.dir %s cannot be used: %s".formatted(settings.dataDir(), why),
        EmbeddedRedis.REMEDY))
      .orElseGet(() -> Finding.ok("data", "data.dir is writable: " + settings.dataDir().toAbsolutePath()));
  }

  /** Whether the node can listen on all its ports. */
  public Finding ports() {
    List<Listener> listeners = listeners().toList();
    List<String> taken = listeners.stream().flatMap(listener -> obstacle(listener).stream()).toList();
    return taken.isEmpty() ? Finding.ok("ports", "all %d are free".formatted(listeners.size()))
      : Finding.wrong("ports", "cannot listen on " + String.join(", ", taken),
        "stop the process that listens there, or set another port or an address of this machine");
  }

  private Stream<Listener> listeners() {
    Settings.Http http = settings.http();
    Settings.Cluster cluster = settings.cluster();
    List<Listener> listeners = new ArrayList<>(List.of(
      new Listener("http.port", http.host(), http.port()),
      new Listener("http.admin_port", http.adminHost(), http.adminPort()),
      new Listener("cluster.port", cluster.address(), cluster.port()),
      new Listener("cluster.event_bus_port", cluster.address(), cluster.eventBusPort())));
    http.isolation().ports().all().mapToObj(port -> new Listener("isolation.ports", http.host(), port))
      .forEach(listeners::add);
    if (settings.redis().url().isEmpty() && !RedisBackend.own(settings).isInUse()) {
      listeners.add(new Listener("redis.port", LOOPBACK, settings.redis().port()));
    }
    return listeners.stream().filter(listener -> listener.port() != 0)
      .filter(listener -> settings.roles().contains(Role.EDGE) || !STUDENT_PORTS.contains(listener.key()));
  }

  private static Optional<String> obstacle(Listener listener) {
    try (ServerSocket trial = new ServerSocket()) {
      trial.setReuseAddress(true);
      trial.bind(new InetSocketAddress(listener.host(), listener.port()));
      return Optional.empty();
    } catch (IOException cause) {
      return Optional.of("%s %s:%d (%s)"
        .formatted(listener.key(), listener.host(), listener.port(), cause.getMessage()));
    }
  }
}
