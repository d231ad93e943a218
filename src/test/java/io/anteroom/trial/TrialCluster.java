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

/** The lab of a trial: nodes in their places, one Redis, the instances, and the verbs by which nodes are hurt. */
public final class TrialCluster implements AutoCloseable {
  private static final int TRIES = 5;

  private final TestCluster lab;
  private final RedisRelay line;
  private final StudentLayout roster;
  private final Path folder;
  /** By their places; whoever stands there may be dead or frozen. */
  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();

  TrialCluster(TrialSettings settings, Path folder) {
    this(settings, folder, SimulatedComfy::url);
  }

  /** @param address where nodes reach an instance */
  TrialCluster(TrialSettings settings, Path folder, Function<SimulatedComfy, String> address) {
    Simulator.Options options = Simulator.Options.of(StudentLayout.INSTANCES);
    lab = TestCluster.of(settings.guard() ? options.withGuard() : options)
      .with("ANTEROOM_USERS_FILE", folder.resolve("users.csv").toString())
      .with("ANTEROOM_INSTANCES_FILE", folder.resolve("instances.csv").toString());
    settings.ofNodes().forEach(lab::with);
    this.folder = folder;
    line = lab.relay();
    roster = new StudentLayout(lab.instances(), address);
    roster.write(folder);
    try {
      IntStream.range(0, settings.nodes()).forEach(place -> nodes.add(lab.node()));
      IntStream.range(0, settings.nodes()).forEach(this::awaitReady);
    } catch (RuntimeException | Error notReady) {
      lab.close();
      throw notReady;
    }
  }

  public StudentLayout roster() {
    return roster;
  }

  public List<NodeProcess> nodes() {
    return nodes;
  }

  public TestRedis redis() {
    return lab.redis();
  }

  /** What all nodes reach Redis by. */
  public RedisRelay line() {
    return line;
  }

  public RunLedger ledger() {
    return lab.ledger();
  }

  SimulatedComfy instance(int index) {
    return lab.instance(index);
  }

  /** The instances that are waited for and run something now; all that are waited for when none does. */
  public List<SimulatedComfy> busyInstances() {
    Set<String> busy = ledger().runs().stream().filter(run -> !run.isOver()).map(Run::instance)
      .collect(Collectors.toSet());
    List<SimulatedComfy> all = new ArrayList<>(IntStream.range(0, StudentLayout.INSTANCES)
      .filter(StudentLayout::isWaitedFor)
      .mapToObj(lab::instance).toList());
    List<SimulatedComfy> some = all.stream().filter(comfy -> busy.contains(comfy.name())).toList();
    return some.isEmpty() ? all : some;
  }

  /** The instances that have more prompts than their one slot, each in a sentence. */
  List<String> crowded() {
    return lab.instances().stream().filter(comfy -> done(comfy.prompts()) > StudentLayout.SLOTS)
      .map(comfy -> comfy.name() + " has more prompts than slots").toList();
  }

  public void kill(int place) throws InterruptedException {
    nodes.get(place).kill();
  }

  /** SIGTERM. */
  public void stop(int place) throws InterruptedException {
    nodes.get(place).stop();
  }

  public void freeze(int place) throws InterruptedException {
    nodes.get(place).freeze();
  }

  public void thaw(int place) throws InterruptedException {
    nodes.get(place).thaw();
  }

  /** Starts the node of this place again; {@link #awaitReady} is another matter. */
  public void start(int place) {
    nodes.set(place, lab.again(nodes.get(place)));
  }

  /** Starts the node of this place again with another value of this variable. */
  public void start(int place, String variable, String value) {
    nodes.set(place, lab.again(nodes.get(place), Map.of(variable, value)));
  }

  /** Takes the line of this instance out of the list that all nodes read. */
  public void unlist(SimulatedComfy comfy) {
    roster.writeWithout(comfy.name(), folder);
  }

  /** Puts every instance into the list again. */
  public void listAll() {
    roster.write(folder);
  }

  /** Waits until it serves; one that found its port taken, or Redis too slow on a busy machine, is started again. */
  public void awaitReady(int place) {
    for (int tries = 1; ; tries++) {
      try {
        nodes.get(place).awaitReady();
        return;
      } catch (AssertionError ended) {
        if (tries == TRIES) {
          throw ended;
        }
        start(place);
      }
    }
  }

  @Override
  public void close() {
    lab.close();
  }
}
