package io.anteroom.node;

import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.node.Launcher.CouldNotStart;
import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The lab of {@code demo}: students alice and bob, each with a simulated ComfyUI, apart from any real node. */
final class DemoLab {
  private static final List<String> STUDENTS = List.of("alice", "bob");
  private static final long START_SECONDS = 30;

  private final Settings settings;
  private final Directory directory;

  private DemoLab(Settings settings, Directory directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /** Starts the simulated instances. */
  static DemoLab open(Settings settings, ShutdownSequence shutdown) {
    Vertx vertx = Vertx.vertx();
    shutdown.atEnd("simulator", () -> Launcher.await(vertx.close(), START_SECONDS));
    Simulator simulator = new Simulator(vertx, Simulator.Options.of(STUDENTS.size()));
    Launcher.await(simulator.start(), START_SECONDS);
    return new DemoLab(isolated(settings), directory(simulator.instances()));
  }

  Settings settings() {
    return settings;
  }

  Directory directory() {
    return directory;
  }

  /** Prints the URLs. */
  void welcome() {
    PrintStream out = System.out;
    out.println();
    out.println("The Anteroom demo is running, without sign-in and for this machine only. Open in a browser:");
    STUDENTS.forEach(name -> out.printf("  http://localhost:%d/u/%s/%n", settings.http().port(), name));
    out.printf("and press Run a few times: one workflow per student, %d in the whole lab run at once; the rest wait.%n",
      settings.limit().concurrent());
    out.printf("Metrics: http://localhost:%d/metrics  Stop: Ctrl-C%n", settings.http().adminPort());
    out.flush();
  }

  private static Directory directory(List<SimulatedComfy> instances) {
    return new Directory(
      IntStream.range(0, STUDENTS.size()).mapToObj(i -> student(STUDENTS.get(i), instances.get(i).name())).toList(),
      instances.stream().map(comfy -> new Instance(comfy.name(), URI.create(comfy.url()), comfy.name(), 1)).toList());
  }

  private static User student(String name, String instance) {
    String displayName = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    return new User(name, displayName, "demo", User.Role.STUDENT, instance);
  }

  /** The same settings, changed to a cluster of one node with its own store and without sign-in. */
  private static Settings isolated(Settings given) {
    int port = freePort();
    Settings.Cluster cluster =
      new Settings.Cluster("127.0.0.1", port, 0, List.of("127.0.0.1:" + port), Optional.empty());
    Settings.Redis redis = new Settings.Redis(Optional.empty(), given.redis().type(), "", freePort());
    return new Settings(given.node(), given.roles(), given.dataDir().resolve("demo"), given.http(), redis,
      given.auth().open(), given.files(), cluster, given.limit(), given.task(), given.instances(), given.session(),
      given.page());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new CouldNotStart("no free port on this machine", failure);
    }
  }
}
