package io.anteroom.edge.admission;

import static io.anteroom.support.Awaited.done;

import io.anteroom.bus.Bus;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.edge.EdgeVerticle;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.support.TestSettings;
import io.anteroom.support.redis.SharedSignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An edge in a process of its own, with little memory, that tells how much of it is in use. */
public final class EdgeProcess implements AutoCloseable {
  private static final String MEASURED = "MEASURED ";
  private static final String HEAP = "heap";

  private final Process process;
  private final BufferedReader output;
  public final int port;

  /** An edge for students {@code alice}, {@code s1} and so on, who all have this instance. */
  public EdgeProcess(URI instance, int students, String... jvmOptions) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    builder.command().addAll(List.of(jvmOptions));
    builder.command().addAll(List.of("-cp", System.getProperty("java.class.path"), EdgeProcess.class.getName(),
      instance.toString(), String.valueOf(students)));
    process = builder.redirectErrorStream(true).start();
    output = process.inputReader(StandardCharsets.UTF_8);
    port = (int) next("PORT ");
  }

  /** Bytes that are really in use, on the heap and beside it. */
  long used() throws IOException {
    return ask("");
  }

  /** Bytes that are really in use on the heap. */
  public long heapUsed() throws IOException {
    return ask(HEAP);
  }

  private long ask(String what) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((what + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
    return next(MEASURED);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private long next(String word) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(word)) {
        return Long.parseLong(line.substring(word.length()));
      }
      System.out.println("[edge] " + line);
    }
    throw new IOException("the edge has ended");
  }

  /** The process itself: says its port, and its memory for every line that it reads. */
  public static void main(String[] args) throws IOException {
    Vertx vertx = Vertx.vertx();
    Settings settings = TestSettings.edge(
      new Settings.Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10), 64));
    Directory directory = new Directory(
      Stream.concat(Stream.of("alice"), IntStream.range(1, Integer.parseInt(args[1])).mapToObj(i -> "s" + i))
        .map(name -> new User(name, name, "class", User.Role.STUDENT, "gpu-01")).toList(),
      List.of(new Instance("gpu-01", URI.create(args[0]), "gpu-01", 1)));
    new Bus(vertx).serve(StatusServices.USER, about -> Future.succeededFuture(new Answer(List.of(), "0", 0)));
    done(vertx.deployVerticle(new EdgeVerticle(settings, () -> directory, SharedSignInStore.unasked(vertx),
      new MetricsRegistry())));
    System.out.println("PORT " + settings.http().port());
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String asked = input.readLine(); asked != null; asked = input.readLine()) {
      System.out.println(MEASURED + (heap() + (asked.equals(HEAP) ? 0 : direct())));
    }
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
      .mapToLong(BufferPoolMXBean::getMemoryUsed)
      .sum();
  }
}
