package io.anteroom.support.cluster;

import static io.anteroom.support.Awaited.done;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.ledger.RunLedger;
import io.anteroom.support.FreePorts;
import io.anteroom.support.redis.RedisRelay;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A teaching lab: simulated instances in this JVM, one Redis, and Anteroom nodes as processes of their own.
 * Student {@code s1} has instance {@code comfy-1}, and so on.
 */
public final class TestCluster implements AutoCloseable {
  private static final int MOST_NODES = 5;

  private final Vertx vertx = Vertx.vertx();
  private final TestRedis redis = TestRedis.start();
  private final Simulator simulator;
  private final Map<String, String> settings = new HashMap<>();
  private final List<Integer> clusterPorts = IntStream.range(0, MOST_NODES).mapToObj(i -> FreePorts.next()).toList();
  /** All nodes ever started, with their ports in the cluster. */
  private final Map<NodeProcess, Integer> nodes = new HashMap<>();
  private final Path data = TestRedis.freshDirectory().getParent();
  private RedisRelay relay;

  private TestCluster(Simulator.Options options) {
    simulator = new Simulator(vertx, options);
    done(simulator.start());
    settings.putAll(files(write(freshFolder(),
      IntStream.range(0, options.instances()).boxed().toList(), index -> index)));
    settings.put("ANTEROOM_REDIS_URL", redis.access().urls().get(0));
    settings.put("ANTEROOM_CLUSTER_MEMBERS",
      clusterPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
  }

  /** So many students, each with an instance of his own. */
  public static TestCluster of(int students) {
    return of(Simulator.Options.of(students));
  }

  /** As many students as there are instances of this kind. */
  public static TestCluster of(Simulator.Options instances) {
    return new TestCluster(instances);
  }

  /** Sets an environment variable for all nodes started from now on. */
  public TestCluster with(String variable, String value) {
    settings.put(variable, value);
    return this;
  }

  /** Has nodes started from now on use a Redis of their own, below {@link #data}. */
  public TestCluster embedded() {
    settings.remove("ANTEROOM_REDIS_URL");
    return with("ANTEROOM_DATA_DIR", data().toString()).with("ANTEROOM_REDIS_PORT", String.valueOf(FreePorts.next()));
  }

  /** Where that is. */
  public Path data() {
    return data;
  }

  /** Starts one more node; it may not be ready yet. */
  public NodeProcess node() {
    return node("node-" + (nodes.size() + 1));
  }

  /** Starts a node of this name, perhaps once more; it may not be ready yet. */
  public NodeProcess node(String name) {
    return node(name, Map.of());
  }

  /** The same with environment variables of its own, which count for more than those of all nodes. */
  public NodeProcess node(String name, Map<String, String> own) {
    Map<String, String> mine = new HashMap<>(settings);
    mine.putAll(own);
    mine.put("ANTEROOM_CLUSTER_EVENT_BUS_PORT", String.valueOf(FreePorts.next()));
    int clusterPort = freeClusterPort();
    mine.put("ANTEROOM_CLUSTER_PORT", String.valueOf(clusterPort));
    try {
      NodeProcess node = NodeProcess.start("start", name, mine);
      nodes.put(node, clusterPort);
      return node;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts a node that has ended once more as it was; it may not be ready yet. */
  public NodeProcess again(NodeProcess ended) {
    return again(ended, Map.of());
  }

  /** The same with other values of these environment variables, which it keeps. */
  public NodeProcess again(NodeProcess ended, Map<String, String> others) {
    try {
      NodeProcess node = ended.again(others);
      nodes.put(node, nodes.remove(ended));
      return node;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes the files of all nodes that have none of their own: these instances, and all students at one of them. */
  public void lists(List<Integer> instances, int home) {
    write(Path.of(settings.get("ANTEROOM_USERS_FILE")).getParent(), instances, index -> home);
  }

  /** Files for a node of its own that lists these instances, with their students; as environment variables. */
  public Map<String, String> listing(Integer... instances) {
    return files(write(freshFolder(), List.of(instances), index -> index));
  }

  /** So many nodes more, all ready. */
  public List<NodeProcess> nodes(int count) {
    List<NodeProcess> started = IntStream.range(0, count).mapToObj(i -> node()).toList();
    started.forEach(NodeProcess::awaitReady);
    return started;
  }

  /** What the instances really did: the judge. */
  public RunLedger ledger() {
    return simulator.ledger();
  }

  public SimulatedComfy instance(int index) {
    return simulator.instances().get(index);
  }

  public List<SimulatedComfy> instances() {
    return simulator.instances();
  }

  public TestRedis redis() {
    return redis;
  }

  /** What stands between Redis and all nodes that are started after it was asked for. */
  public RedisRelay relay() {
    if (relay == null) {
      relay = RedisRelay.to(redis.access());
      settings.put("ANTEROOM_REDIS_URL", relay.access().urls().get(0));
    }
    return relay;
  }

  @Override
  public void close() {
    nodes.keySet().forEach(NodeProcess::close);
    done(simulator.stop());
    done(vertx.close());
    if (relay != null) {
      relay.close();
    }
    redis.close();
  }

  /** One of the ports that all nodes know; that of a node which is gone may be taken again. */
  private int freeClusterPort() {
    Set<Integer> taken =
      nodes.keySet().stream().filter(NodeProcess::isAlive).map(nodes::get).collect(Collectors.toSet());
    return clusterPorts.stream().filter(port -> !taken.contains(port)).findFirst().orElseThrow();
  }

  private static Map<String, String> files(Path folder) {
    return Map.of("ANTEROOM_USERS_FILE", folder.resolve("users.csv").toString(),
      "ANTEROOM_INSTANCES_FILE", folder.resolve("instances.csv").toString());
  }

  private static Path freshFolder() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target", "lab")), "conf");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** @param homeOf the instance of the student of each of these; they are counted from 0, their names from 1 */
  private Path write(Path folder, List<Integer> listed, IntUnaryOperator homeOf) {
    try {
      Files.writeString(folder.resolve("users.csv"), "username,display_name,group,role,instance\n"
        + simulator.instances().stream().map(simulator.instances()::indexOf)
          .filter(index -> listed.contains(homeOf.applyAsInt(index)))
          .map(index -> "s%d,Student %d,class,student,comfy-%d\n"
            .formatted(index + 1, index + 1, homeOf.applyAsInt(index) + 1))
          .collect(Collectors.joining()));
      Files.writeString(folder.resolve("instances.csv"), "instance,url,pool,slots\n" + listed.stream()
        .map(simulator.instances()::get)
        .map(comfy -> comfy.name() + "," + comfy.url() + ",,\n").collect(Collectors.joining()));
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
