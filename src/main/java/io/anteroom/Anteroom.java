package io.anteroom;

import io.anteroom.cli.CodesCommand;
import io.anteroom.cli.CommonOptions;
import io.anteroom.cli.CommonOptions.BuildVersion;
import io.anteroom.cli.DoctorCommand;
import io.anteroom.cli.PasswordCommand;
import io.anteroom.cli.RevokeCommand;
import io.anteroom.cli.SimulateCommand;
import io.anteroom.config.ConfigLoader;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.node.Launcher;
import io.anteroom.node.Launcher.CouldNotStart;
import io.anteroom.task.ApiException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The command line. */
@Command(name = "anteroom", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "The waiting room in front of ComfyUI. Without a command it starts a node.",
  exitCodeListHeading = "%nExit codes:%n",
  exitCodeList = {"0:success", "1:could not start, or the doctor found errors",
    "2:invalid settings or command line"})
public final class Anteroom implements Runnable {
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";

  private final Starter node;

  @Mixin
  private final CommonOptions settings;

  private Anteroom(Starter node, CommonOptions settings) {
    this.node = node;
    this.settings = settings;
  }

  public static void main(String[] arguments) {
    shareThreads();
    int code = execute(arguments);
    // What was started keeps running on its own threads.
    if (code != ExitCode.OK) {
      System.exit(code);
    }
  }

  private static int execute(String... arguments) {
    try {
      return commandLine(System.getenv(), Launcher::node, Launcher::demo)
        .setOut(utf8(FileDescriptor.out)).setErr(utf8(FileDescriptor.err)).execute(arguments);
    } catch (OutOfMemoryError error) {
      System.err.printf("Anteroom could not start: not enough memory (%s); give Java more with -Xmx, or the machine or"
        + " container more memory or threads%n", error.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  /**
   * If Java's common pool has one thread, as on two processors, Hazelcast starts a thread for each of its replies:
   * eighteen per run. Must be called first, since the pool is created once.
   */
  private static void shareThreads() {
    if (Runtime.getRuntime().availableProcessors() <= 2 && System.getProperty(COMMON_POOL) == null) {
      System.setProperty(COMMON_POOL, "2");
    }
  }

  /** The commands; what they start is injected. */
  public static CommandLine commandLine(Map<String, String> environment, Starter node, Starter demo) {
    return new CommandLine(new Anteroom(node, new CommonOptions(environment)))
      .addSubcommand(new StartCommand(node, new CommonOptions(environment)))
      .addSubcommand(new DemoCommand(demo, new CommonOptions(environment)))
      .addSubcommand(new SimulateCommand())
      .addSubcommand(new DoctorCommand(new CommonOptions(environment)))
      .addSubcommand(new CodesCommand(new CommonOptions(environment)))
      .addSubcommand(new PasswordCommand(new CommonOptions(environment)))
      .addSubcommand(new RevokeCommand(new CommonOptions(environment)))
      .setExecutionExceptionHandler((failure, line, parsed) -> explain(failure, line.getErr()));
  }

  @Override
  public void run() {
    node.start(settings.load());
  }

  /** Containers and services have no locale, and would print question marks for non-ASCII characters. */
  private static PrintWriter utf8(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  private static int explain(Exception failure, PrintWriter err) {
    if (failure instanceof InvalidSettingsException) {
      err.println("Anteroom cannot start: " + failure.getMessage());
      err.flush();
      return ExitCode.USAGE;
    }
    if (failure instanceof ApiException || failure instanceof UncheckedIOException) {
      err.println(failure.getMessage());
      err.flush();
      return ExitCode.SOFTWARE;
    }
    err.println("Anteroom could not start: " + failure.getMessage());
    if (!(failure instanceof CouldNotStart)) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCode.SOFTWARE;
  }

  /** {@code demo}: a whole lab in one process. */
  @Command(name = "demo", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
    description = "Starts a node with an embedded Redis, simulated ComfyUIs and the students alice and bob.")
  static final class DemoCommand implements Runnable {
    private final Starter demo;

    @Mixin
    private final CommonOptions settings;

    DemoCommand(Starter demo, CommonOptions settings) {
      this.demo = demo;
      this.settings = settings;
    }

    @Override
    public void run() {
      demo.start(settings.load());
    }
  }

  /** {@code start}: one node with the given settings. */
  @Command(name = "start", description = "Starts a node (this is the default).", mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class)
  static final class StartCommand implements Runnable {
    private final Starter node;

    @Mixin
    private final CommonOptions settings;

    StartCommand(Starter node, CommonOptions settings) {
      this.node = node;
      this.settings = settings;
    }

    @Override
    public void run() {
      node.start(settings.load());
    }
  }

  /** Starts what runs until it is stopped; returns once it has started. */
  @FunctionalInterface
  public interface Starter {
    /** @throws CouldNotStart with the cause and a remedy */
    void start(ConfigLoader.Loaded loaded);
  }
}
