package io.anteroom.simulator;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.NodeCatalog;
import io.anteroom.simulator.comfyui.NodePacks;
import io.anteroom.simulator.ledger.RunLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Several simulated ComfyUIs in one process, each on its own port, with one ledger. */
public final class Simulator {

  private final Vertx vertx;
  private final Options options;
  private final Clock clock = Clock.systemUTC();
  private final RunLedger ledger = new RunLedger(clock);
  private final NodeCatalog catalog;
  private final List<SimulatedComfy> instances;
  private final List<String> deployments = new CopyOnWriteArrayList<>();

  public Simulator(Vertx vertx, Options options) {
    this.vertx = vertx;
    this.options = options;
    this.catalog = NodeCatalog.of(options.version(), options.packs());
    this.instances = IntStream.range(0, options.instances())
      .mapToObj(i -> new SimulatedComfy(this, "comfy-" + (i + 1), options.port(i), options))
      .toList();
  }

  /**
   * Number, version and address of the instances. Port 0 takes a free one for each; otherwise ports count up from it.
   *
   * @param guard  the secret of Anteroom's guard in each, empty for a guard without a secret; absent for no guard
   * @param assets whether they run with {@code --enable-assets}
   */
  public record Options(
      ComfyVersion version, int instances, String host, int firstPort, double speed, Optional<Path> frontend,
      Optional<String> guard, NodePacks packs, boolean assets) {

    public Options {
      if (instances < 1 || firstPort < 0 || firstPort + instances > 65536 || speed < 0) {
        throw new IllegalArgumentException(
          "a simulator needs instances >= 1, ports 0..65535 and speed >= 0, but has %d, %d and %s"
            .formatted(instances, firstPort, speed));
      }
    }

    /** Instances of the newest version on free loopback ports, in real time. */
    public static Options of(int instances) {
      return new Options(ComfyVersion.V0_28_0, instances, "127.0.0.1", 0, 1.0, Optional.empty(), Optional.empty(),
        NodePacks.NONE, false);
    }

    public Options withVersion(ComfyVersion version) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    public Options withHost(String host) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    public Options withFirstPort(int firstPort) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    /** The speed of simulated time; 1 is real time, 0 stopped. */
    public Options withSpeed(double speed) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    /** Serves the unpacked front end in this folder instead of the built-in page. */
    public Options withFrontend(Path folder) {
      return new Options(version, instances, host, firstPort, speed, Optional.of(folder), guard, packs, assets);
    }

    /** Installs Anteroom's guard in each instance. */
    public Options withGuard() {
      return withGuard("");
    }

    /** Installs Anteroom's guard in each instance; it accepts only runs with a proof of this secret. */
    public Options withGuard(String secret) {
      return new Options(version, instances, host, firstPort, speed, frontend, Optional.of(secret), packs, assets);
    }

    /** Installs more node classes, so that {@code /object_info} has a realistic size and cost. */
    public Options withNodePacks(NodePacks packs) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    /** Starts each instance with {@code --enable-assets}; versions before 0.9 do not have it. */
    public Options withAssets() {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, true);
    }

    int port(int instance) {
      return firstPort == 0 ? 0 : firstPort + instance;
    }
  }

  /** Completes when every instance listens. */
  public Future<Void> start() {
    return Future.all(instances.stream().map(this::deploy).toList()).mapEmpty();
  }

  public Future<Void> stop() {
    return Future.all(deployments.stream().map(vertx::undeploy).toList())
      .onComplete(stopped -> deployments.clear())
      .mapEmpty();
  }

  public List<SimulatedComfy> instances() {
    return instances;
  }

  public SimulatedComfy instance(int index) {
    return instances.get(index);
  }

  public Optional<SimulatedComfy> find(String name) {
    return instances.stream().filter(instance -> instance.name().equals(name)).findFirst();
  }

  public RunLedger ledger() {
    return ledger;
  }

  Clock clock() {
    return clock;
  }

  NodeCatalog catalog() {
    return catalog;
  }

  private Future<String> deploy(SimulatedComfy instance) {
    return vertx.deployVerticle(instance).onSuccess(deployments::add);
  }
}
