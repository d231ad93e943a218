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
 * Finds what keeps a node with these settings from starting on this machine, before anything is started: the doctor
 * reports it, and {@code start} ends with it. Blocks; changes nothing.
 */
public final class Preflight {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Set<String> OF_STUDENTS = Set.of("http.port", "isolation.ports");
  private static final long MIN_HEAP_MB = 64;
  /** Java counts a part of the heap out: 61 MB for -Xmx64m. */
  private static final long MIN_COUNTED_MB = 60;

  private final Settings settings;

  /** A port that the node is going to listen on, or where the embedded Redis is. */
  private record Door(String key, String host, int port) {
  }

  public Preflight(Settings settings) {
    this.settings = settings;
  }

  /** Everything that would end the start, a line each with its remedy; empty when nothing would. */
  public List<String> failures() {
    return Stream.of(memory(), data(), ports())
      .filter(finding -> finding.level() == Finding.Level.WRONG)
      .map(finding -> "%s; %s".formatted(finding.text(), finding.remedy())).toList();
  }

  /** Whether the memory is enough for a node that starts in this process. */
  public Finding memory() {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    return heap >= MIN_COUNTED_MB ? Finding.ok("memory", "the heap may grow to %d MB".formatted(heap))
      : Finding.wrong("memory", "not enough memory: the heap may grow to %d MB, %d MB are the least".formatted(heap,
        MIN_HEAP_MB), "give Java more with -Xmx, or the machine or container more memory");
  }

  /** Whether the folder of the embedded Redis can be used. */
  public Finding data() {
    if (settings.redis().url().isPresent()) {
      return Finding.ok("data", "all of it is in the Redis of redis.url");
    }
    return RedisBackend.own(settings).obstacle()
      .map(why -> Finding.wrong("data", "data.dir %s cannot be used: %s".formatted(settings.dataDir(), why),
        EmbeddedRedis.REMEDY))
      .orElseGet(() -> Finding.ok("data", "data.dir can be written: " + settings.dataDir().toAbsolutePath()));
  }

  /** Whether the node can listen wherever it has to. */
  public Finding ports() {
    List<Door> doors = doors().toList();
    List<String> taken = doors.stream().flatMap(door -> obstacle(door).stream()).toList();
    return taken.isEmpty() ? Finding.ok("ports", "all %d are free".formatted(doors.size()))
      : Finding.wrong("ports", "cannot listen on " + String.join(", ", taken),
        "stop what listens there, or set another port or an address of this machine");
  }

  private Stream<Door> doors() {
    Settings.Http http = settings.http();
    Settings.Cluster cluster = settings.cluster();
    List<Door> doors = new ArrayList<>(List.of(
      new Door("http.port", http.host(), http.port()),
      new Door("http.admin_port", http.adminHost(), http.adminPort()),
      new Door("cluster.port", cluster.address(), cluster.port()),
      new Door("cluster.event_bus_port", cluster.address(), cluster.eventBusPort())));
    http.isolation().ports().all().mapToObj(port -> new Door("isolation.ports", http.host(), port)).forEach(doors::add);
    if (settings.redis().url().isEmpty() && !RedisBackend.own(settings).isInUse()) {
      doors.add(new Door("redis.port", LOOPBACK, settings.redis().port()));
    }
    return doors.stream().filter(door -> door.port() != 0)
      .filter(door -> settings.roles().contains(Role.EDGE) || !OF_STUDENTS.contains(door.key()));
  }

  private static Optional<String> obstacle(Door door) {
    try (ServerSocket trial = new ServerSocket()) {
      trial.setReuseAddress(true);
      trial.bind(new InetSocketAddress(door.host(), door.port()));
      return Optional.empty();
    } catch (IOException cause) {
      return Optional.of("%s %s:%d (%s)".formatted(door.key(), door.host(), door.port(), cause.getMessage()));
    }
  }
}
