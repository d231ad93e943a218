package io.anteroom.support.cluster;

import static org.awaitility.Awaitility.await;

import io.anteroom.support.FreePorts;
import io.anteroom.support.Lane;
import io.anteroom.support.client.Student;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One Anteroom node as a process of its own, started by its command line as in a lab. Its output is under target. */
public final class NodeProcess implements AutoCloseable {
  /** Where each node has a file of its name; nodes of one name, one after the other, have the same. */
  public static final Path LOGS = Lane.folder("nodes");

  /** A setting that is none of Anteroom's: the options of the node's JVM, with blanks between. */
  public static final String JVM = "TEST_JVM";
  private static final String SMALL = "-Xmx192m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Duration START = Duration.ofSeconds(180);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String PORT = "ANTEROOM_HTTP_PORT";
  private static final String ADMIN_PORT = "ANTEROOM_HTTP_ADMIN_PORT";

  private final String command;
  private final String name;
  private final Map<String, String> settings;
  private final Host host;
  private final Process process;

  private NodeProcess(String command, String name, Map<String, String> settings, Host host) throws IOException {
    this.command = command;
    this.name = name;
    this.settings = settings;
    this.host = host;
    this.process = launch(command, name, settings, host);
  }

  /**
   * Starts a node; use {@link #awaitReady} before anything is asked of it.
   *
   * @param command  {@code start} or {@code demo}
   * @param settings the environment variables that set it up, apart from its name and its ports
   */
  public static NodeProcess start(String command, String name, Map<String, String> settings) throws IOException {
    return start(command, name, settings, Host.HERE);
  }

  /** The same on another host. */
  public static NodeProcess start(String command, String name, Map<String, String> settings, Host host)
      throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.put("ANTEROOM_NODE", name);
    all.putIfAbsent(PORT, String.valueOf(FreePorts.next()));
    all.putIfAbsent(ADMIN_PORT, String.valueOf(FreePorts.next()));
    return new NodeProcess(command, name, all, host);
  }

  /** Starts it once more as it was, with its name and its ports; it must have ended. */
  public NodeProcess again() throws IOException {
    return again(Map.of());
  }

  /** The same with other values of these environment variables. */
  NodeProcess again(Map<String, String> others) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(others);
    return new NodeProcess(command, name, all, host);
  }

  private static Process launch(String command, String name, Map<String, String> settings, Host host)
      throws IOException {
    Files.createDirectories(LOGS);
    List<String> whole = new ArrayList<>(host.inside());
    whole.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-cp", System.getProperty("java.class.path")));
    whole.addAll(List.of(settings.getOrDefault(JVM, SMALL).split(" ")));
    whole.addAll(List.of("io.anteroom.Anteroom", command));
    ProcessBuilder builder = new ProcessBuilder(whole)
      .redirectErrorStream(true)
      .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
      .directory(new File("."));
    builder.environment().putAll(settings);
    return builder.start();
  }

  /** Where students of this node come in, without a slash at the end. */
  public String url() {
    return "http://" + host.address() + ":" + settings.get(PORT);
  }

  public String adminUrl() {
    return "http://" + host.address() + ":" + settings.get(ADMIN_PORT);
  }

  /** Its figures as Prometheus reads them, without the prefix. */
  public Map<String, Long> figures() {
    return new Student("the test").get(adminUrl() + "/metrics").body().lines()
      .filter(line -> line.startsWith("anteroom_"))
      .map(line -> line.substring("anteroom_".length()).split(" "))
      .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
  }

  public String name() {
    return name;
  }

  /** The process id, for who sends it signals. */
  public long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  public NodeProcess awaitReady() {
    await(name + " is ready").atMost(START).pollInterval(Duration.ofMillis(100)).until(this::isReady);
    return this;
  }

  /** Stops it in good order and waits until it is gone. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " did not stop within a minute, see " + log());
    }
  }

  /** Where its output is. */
  public Path log() {
    return log(name);
  }

  /** Where the output of nodes of this name is, or will be. */
  public static Path log(String name) {
    return LOGS.resolve(name + ".log");
  }

  /** What it said last, when it ended by itself. */
  public String lastWords() throws IOException, InterruptedException {
    if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(name + " still runs");
    }
    return Files.readString(log());
  }

  /** How it ended by itself. */
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Stops every thread of it where it stands, as a long pause of its machine does; {@link #thaw} lets it go on. */
  public void freeze() throws InterruptedException {
    signal("STOP");
  }

  public void thaw() throws InterruptedException {
    signal("CONT");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void signal(String signal) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).inheritIO().start().waitFor();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new AssertionError(name + " has ended with " + process.exitValue() + ", see " + log());
    }
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(adminUrl() + "/health/ready"))
        .timeout(Duration.ofSeconds(10)).build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
