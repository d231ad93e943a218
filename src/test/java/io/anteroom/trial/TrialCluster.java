package io.anteroom.trial;

import static io.anteroom.support.Awaited.done;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.ledger.RunLedger;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.anteroom.support.redis.RedisRelay;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.trial.generator.StudentLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The system under test of a trial: nodes, one Redis and the instances, with the verbs by which nodes fail. */
public final class TrialCluster implements AutoCloseable {
  private static final int TRIES = 5;

  private final TestCluster cluster;
  private final RedisRelay relay;
  private final StudentLayout layout;
  private final Path folder;
  /** Each may be dead or frozen; one that is started again keeps its index. */
  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();

  TrialCluster(TrialSettings settings, Path folder) {
    this(settings, folder, SimulatedComfy::url);
  }

  /** @param address where nodes reach an instance */
  TrialCluster(TrialSettings settings, Path folder, Function<SimulatedComfy, String> address) {
    Simulator.Options options = Simulator.Options.of(StudentLayout.INSTANCES);
    cluster = TestCluster.of(settings.guard() ? options.withGuard() : options)
      .with("ANTEROOM_USERS_FILE", folder.resolve("users.csv").toString())
      .with("ANTEROOM_INSTANCES_FILE", folder.resolve("instances.csv").toString());
    settings.ofNodes().forEach(cluster::with);
    this.folder = folder;
    relay = cluster.relay();
    layout = new StudentLayout(cluster.instances(), address);
    layout.write(folder);
    try {
      IntStream.range(0, settings.nodes()).forEach(index -> nodes.add(cluster.node()));
      IntStream.range(0, settings.nodes()).forEach(this::awaitReady);
    } catch (RuntimeException | Error notReady) {
      cluster.close();
      throw notReady;
    }
  }

  public StudentLayout layout() {
    return layout;
  }

  public List<NodeProcess> nodes() {
    return nodes;
  }

  public TestRedis redis() {
    return cluster.redis();
  }

  /** The relay through which all nodes reach Redis. */
  public RedisRelay relay() {
    return relay;
  }

  public RunLedger ledger() {
    return cluster.ledger();
  }

  SimulatedComfy instance(int index) {
    return cluster.instance(index);
  }

  /** The instances that are waited for and run something now; all that are waited for when none does. */
  public List<SimulatedComfy> busyInstances() {
    Set<String> busy = ledger().runs().stream().filter(run -> !run.isOver()).map(Run::instance)
      .collect(Collectors.toSet());
    List<SimulatedComfy> all = new ArrayList<>(IntStream.range(0, StudentLayout.INSTANCES)
      .filter(StudentLayout::isWaitedFor)
      .mapToObj(cluster::instance).toList());
    List<SimulatedComfy> some = all.stream().filter(comfy -> busy.contains(comfy.name())).toList();
    return some.isEmpty() ? all : some;
  }

  /** The instances that have more prompts than their one slot, each in a sentence. */
  List<String> overfull() {
    return cluster.instances().stream().filter(comfy -> done(comfy.prompts()) > StudentLayout.SLOTS)
      .map(comfy -> comfy.name() + " has more prompts than slots").toList();
  }

  public void kill(int index) throws InterruptedException {
    nodes.get(index).kill();
  }

  /** SIGTERM. */
  public void stop(int index) throws InterruptedException {
    nodes.get(index).stop();
  }

  public void freeze(int index) throws InterruptedException {
    nodes.get(index).freeze();
  }

  public void thaw(int index) throws InterruptedException {
    nodes.get(index).thaw();
  }

  /** Starts this node again; it may not be ready yet. */
  public void start(int index) {
    nodes.set(index, cluster.again(nodes.get(index)));
  }

  /** Starts this node again with another value of this variable. */
  public void start(int index, String variable, String value) {
    nodes.set(index, cluster.again(nodes.get(index), Map.of(variable, value)));
  }

  /** Takes this instance out of the list that all nodes read. */
  public void unlist(SimulatedComfy comfy) {
    layout.writeWithout(comfy.name(), folder);
  }

  /** Puts every instance into the list again. */
  public void listAll() {
    layout.write(folder);
  }

  /** Waits until it serves; one that found its port taken, or Redis too slow on a busy machine, is started again. */
  public void awaitReady(int index) {
    for (int tries = 1; ; tries++) {
      try {
        nodes.get(index).awaitReady();
        return;
      } catch (AssertionError ended) {
        if (tries == TRIES) {
          throw ended;
        }
        start(index);
      }
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
