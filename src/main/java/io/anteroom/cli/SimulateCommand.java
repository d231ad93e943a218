package io.anteroom.cli;

import io.anteroom.cli.CommonOptions.BuildVersion;
import io.anteroom.node.Launcher;
import io.anteroom.node.Launcher.CouldNotStart;
import io.anteroom.node.ShutdownSequence;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.Simulator.Options;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.NodePacks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate}: simulated ComfyUIs, to rehearse a class without GPUs. */
@Command(name = "simulate", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Starts simulated ComfyUIs, one per port, to rehearse a class without GPUs.")
public final class SimulateCommand implements Callable<Integer> {
  private static final long START_SECONDS = 30;

  @Spec
  private CommandSpec command;

  @Option(names = "--host", description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "Port of the first one; the others follow. Default: ${DEFAULT-VALUE}.")
  private int port = 8188;

  @Option(names = "--count", description = "Number of ComfyUIs. Default: ${DEFAULT-VALUE}.")
  private int count = 4;

  @Option(names = "--comfyui", paramLabel = "VERSION",
    description = "Version to simulate: 0.3.64, 0.8.0 or 0.28.0. Default: ${DEFAULT-VALUE}.")
  private String version = "0.28.0";

  @Option(names = "--guard", description = "Installs Anteroom's guard in each.")
  private boolean guard;

  @Option(names = "--object-info-bytes", paramLabel = "BYTES",
    description = "Size of additional node classes in /object_info, in bytes; a real core has 1 to 2 million. "
      + "Default: ${DEFAULT-VALUE}.")
  private int objectInfoBytes;

  @Option(names = "--object-info-ms", paramLabel = "MS",
    description = "How long the whole /object_info blocks all other requests of an instance, in milliseconds. "
      + "Default: ${DEFAULT-VALUE}.")
  private int objectInfoMillis;

  @Option(names = "--enable-assets", description = "Serves /api/assets and /api/tags, as ComfyUI's own option does.")
  private boolean assets;

  @Override
  public Integer call() {
    Options options = options();
    Vertx vertx = Vertx.vertx();
    ShutdownSequence shutdown = ShutdownSequence.ofProcess();
    shutdown.atEnd("simulator", () -> Launcher.await(vertx.close(), START_SECONDS));
    Simulator simulator = new Simulator(vertx, options);
    String ports = "--port %d to %d at --host %s".formatted(port, port + count - 1, host);
    Launcher.await(
      simulator.start().recover(failure -> Future.failedFuture(CouldNotStart.naming(ports, failure))), START_SECONDS);
    simulator.instances().forEach(comfy -> System.out.println(comfy.name() + " " + comfy.url()));
    return ExitCode.OK;
  }

  private Options options() {
    try {
      Options options =
        Options.of(count).withVersion(ComfyVersion.of(version)).withHost(host).withFirstPort(port)
          .withNodePacks(new NodePacks(objectInfoBytes, Duration.ofMillis(objectInfoMillis)));
      Options guarded = guard ? options.withGuard() : options;
      return assets ? guarded.withAssets() : guarded;
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(command.commandLine(), wrong.getMessage(), wrong);
    }
  }
}
