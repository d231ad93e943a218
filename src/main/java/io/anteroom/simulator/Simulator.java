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

/** Many ComfyUIs without a GPU in one process, each on its own port, all in one ledger. */
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
   * How many instances, of which version, where. Port 0 takes a free one for each, else they count up from it.
   *
   * @param guard the secret of Anteroom's guard in each of them, empty for a guard without one; none for no guard
   * @param assets whether they are started with {@code --enable-assets}
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

    /** So many instances of the newest version on free loopback ports, as fast as the clock. */
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

    /** How much faster than the clock the work goes; 0 stands still. */
    public Options withSpeed(double speed) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    /** Serves the unpacked front end in this folder instead of the built-in page. */
    public Options withFrontend(Path folder) {
      return new Options(version, instances, host, firstPort, speed, Optional.of(folder), guard, packs, assets);
    }

    /** Puts Anteroom's guard into each instance. */
    public Options withGuard() {
      return withGuard("");
    }

    /** Puts Anteroom's guard into each instance; it takes only runs of those who know this secret. */
    public Options withGuard(String secret) {
      return new Options(version, instances, host, firstPort, speed, frontend, Optional.of(secret), packs, assets);
    }

    /** Installs many more node classes, so that {@code /object_info} has its real size and its real cost. */
    public Options withNodePacks(NodePacks packs) {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, assets);
    }

    /** Starts each instance with {@code --enable-assets}; versions before 0.9 do not know it. */
    public Options withAssets() {
      return new Options(version, instances, host, firstPort, speed, frontend, guard, packs, true);
    }

    int port(int instance) {
      return firstPort == 0 ? 0 : firstPort + instance;
    }
  }

  /** Done when every instance listens. */
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
