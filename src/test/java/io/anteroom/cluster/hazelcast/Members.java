package io.anteroom.cluster.hazelcast;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.support.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** A cluster on free ports of the loopback address, by the cluster.xml in force, only smaller. */
final class Members implements AutoCloseable {
  private final List<JoinSettings> settings = new ArrayList<>();
  private final List<HazelcastMember> started = new ArrayList<>();

  /** Room for so many members, none of which is taken for dead because its machine is busy; none is started. */
  Members(int size, Path directory) throws IOException {
    this(size, directory, Duration.ofMinutes(5));
  }

  /** The same, where a member that is not heard for so long counts as dead. */
  Members(int size, Path directory, Duration silence) throws IOException {
    Path file = Files.writeString(directory.resolve("cluster.xml"), Files.readString(Path.of("cluster.xml"))
      .replace("<properties>", "<properties><property name=\"hazelcast.partition.count\">31</property>")
      .replace("max.no.heartbeat.seconds\">10", "max.no.heartbeat.seconds\">" + silence.toSeconds())
      .replaceAll("(merge[a-z.]+delay.seconds\">)15", "$11"));
    List<Integer> ports = IntStream.range(0, size).mapToObj(number -> FreePorts.next()).toList();
    List<String> all = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    ports.forEach(port -> settings.add(new JoinSettings("", "", port, 0, all, Optional.of(file), TlsTrust.USUAL)));
  }

  /** The settings of the member of this number, counted from 0. */
  JoinSettings settings(int number) {
    return settings.get(number);
  }

  /** Starts the member of this number in this process. */
  HazelcastMember start(int number) {
    HazelcastMember member = await(join(settings.get(number)));
    started.add(member);
    return member;
  }

  /** The same, and it looks for no other. */
  HazelcastMember startAlone(int number) {
    JoinSettings of = settings.get(number);
    HazelcastMember member = await(join(new JoinSettings(of.node(), of.host(), of.port(), of.eventBusPort(),
      List.of("127.0.0.1:" + of.port()), of.file(), of.tls())));
    started.add(member);
    return member;
  }

  /** Starts all of them, and waits until each has its share of the data. */
  List<HazelcastMember> startAll() {
    for (int number = 0; number < settings.size(); number++) {
      start(number);
    }
    Awaitility.await().atMost(60, SECONDS)
      .until(() -> started.get(0).hazelcast().getPartitionService().isClusterSafe());
    return List.copyOf(started);
  }

  @Override
  public void close() {
    started.forEach(member -> await(member.vertx().close()));
  }

  /** Joins with few threads. */
  static Future<HazelcastMember> join(JoinSettings settings) {
    return HazelcastMember.join(settings, new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4));
  }

  /** A semaphore of this member that takes slowness of a busy machine for nothing but slowness. */
  static ClusterSemaphore patient(HazelcastMember member) {
    return HazelcastSemaphore.of(member.vertx(), member.hazelcast(), Duration.ofSeconds(20));
  }

  /** What the future brings, or its failure; a minute at most. */
  static <T> T await(Future<T> future) {
    return future.timeout(60, SECONDS).await();
  }
}
