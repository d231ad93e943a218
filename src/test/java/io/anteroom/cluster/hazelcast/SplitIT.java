package io.anteroom.cluster.hazelcast;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.simulator.Simulator;
import io.anteroom.support.Stopwatch;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.Hosts;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The network between lab servers is cut, and comes back: two clusters with a table of permits each, of which neither
 * knows the other's. The limit holds all the same, for Redis decides; and what runs at the smaller half has its permits
 * in the one table that is left. Each server is a network namespace.
 */
class SplitIT {
  private static final int LIMIT = 3;
  private static final int STUDENTS = 6;
  private static final int CUT_OFF = 2;
  private static final int CLUSTER_PORT = 5701;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  /** Permits are mended after the merge, and every few seconds. */
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Student> students =
    IntStream.rangeClosed(1, STUDENTS).mapToObj(i -> new Student("s" + i)).toList();
  private HazelcastMember observer;
  private Hosts hosts;
  private TestRedis redis;
  private Simulator simulator;
  @TempDir
  private Path folder;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Hosts.arePossible(), "hosts of its own need root and iproute2");
    hosts = new Hosts(3);
    redis = TestRedis.start();
    redis.ask("CONFIG", "SET", "bind", "127.0.0.1 " + hosts.ours());
    simulator = new Simulator(vertx, Simulator.Options.of(STUDENTS).withHost(hosts.ours()));
    done(simulator.start());
    for (int index = 0; index < 3; index++) {
      nodes.add(NodeProcess.start("start", "split-" + (index + 1), settings(index), hosts.get(index)));
    }
    nodes.forEach(NodeProcess::awaitReady);
  }

  @AfterEach
  void stop() {
    if (observer != null) {
      // it leaves without a word: soon after a merge Hazelcast may wait for ever to leave in good order
      observer.hazelcast().getLifecycleService().terminate();
      done(observer.vertx().close());
    }
    if (hosts != null) {
      nodes.forEach(NodeProcess::close);
      done(simulator.stop());
      redis.close();
      hosts.close();
    }
    done(vertx.close());
  }

  @Test
  void theLimitHoldsOnBothSidesAndPermitsAgreeAgainAfterwards() {
    hosts.cutOff(CUT_OFF);
    until(() -> clusterSize(0) == 2 && clusterSize(1) == 2 && clusterSize(CUT_OFF) == 1);
    Set<String> tasks = students.stream().flatMap(student -> nodes.stream()
      .map(node -> student.run(node, Workflows.lasting(1)).taskId())).collect(Collectors.toSet());
    until(() -> tasks.stream().allMatch(simulator.ledger()::hasEnded));
    students.forEach(student -> student.run(nodes.get(CUT_OFF), Workflows.lasting(9_999)));
    until(() -> processing() == LIMIT);

    hosts.heal(CUT_OFF);
    observer = done(HazelcastMember.join(new JoinSettings("split-observer", hosts.ours(), CLUSTER_PORT, 0, members(),
      Optional.empty(), TlsTrust.USUAL), new VertxOptions()));
    until(() -> observer.size() == nodes.size() + 1);
    try (Stopwatch healed = Stopwatch.start()) {
      until(() -> permits() == LIMIT);
      System.out.printf("Permits and tasks agree %.1f s after the split has healed%n",
        healed.assertWithin(AGREE_WITHIN).toMillis() / 1e3);
    }

    assertThat(processing()).isEqualTo(LIMIT);
    assertThat(simulator.ledger().mostAtOnce()).isEqualTo(LIMIT);
    assertThat(simulator.ledger().ranTwice()).isEmpty();
  }

  private Map<String, String> settings(int index) throws IOException {
    Path instances = Files.writeString(folder.resolve("instances.csv"), "instance,url,pool,slots\n"
      + simulator.instances().stream().map(comfy -> comfy.name() + "," + comfy.url() + ",,\n")
      .collect(Collectors.joining()));
    Path users = Files.writeString(folder.resolve("users.csv"), "username,display_name,group,role,instance\n"
      + IntStream.rangeClosed(1, STUDENTS).mapToObj(i -> "s%d,S %d,class,student,comfy-%d\n".formatted(i, i, i))
      .collect(Collectors.joining()));
    Map<String, String> settings = new HashMap<>(Map.of(
      "ANTEROOM_USERS_FILE", users.toString(), "ANTEROOM_INSTANCES_FILE", instances.toString(),
      "ANTEROOM_REDIS_URL", redis.access().urls().get(0).replace("127.0.0.1", hosts.ours()),
      "ANTEROOM_CLUSTER_MEMBERS", String.join(",", members()), "COMFY_MAX_CONCURRENT", String.valueOf(LIMIT),
      "ANTEROOM_AUTH_OPEN_ON_NETWORK", "true"));
    for (String key : List.of("HTTP_HOST", "HTTP_ADMIN_HOST", "CLUSTER_HOST")) {
      settings.put("ANTEROOM_" + key, hosts.get(index).address());
    }
    return settings;
  }

  /** The nodes, and the test, which looks into the table of permits. */
  private List<String> members() {
    return List.of(hosts.get(0).address() + ":" + CLUSTER_PORT, hosts.get(1).address() + ":" + CLUSTER_PORT,
      hosts.get(2).address() + ":" + CLUSTER_PORT, hosts.ours() + ":" + CLUSTER_PORT);
  }

  private int processing() {
    return redis.ask("ZCARD", "{anteroom}:processing").toInteger();
  }

  private int permits() {
    return ((PermitTable) observer.hazelcast().getMap(HazelcastSemaphore.MAP).get(HazelcastSemaphore.KEY))
      .holders().size();
  }

  /** How many nodes are in the cluster of this one, as its figures say. */
  private int clusterSize(int node) {
    return nodes.get(node).figures().get("cluster_members").intValue();
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(condition);
  }
}
