package io.anteroom.trial;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.trial.checker.Invariant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heap of the first node after a collection, from the moment when the nemesis spares it. */
final class MemoryWatch {
  private static final Logger log = LoggerFactory.getLogger(MemoryWatch.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String METRIC = "anteroom_heap_used_bytes";
  private static final double GROWTH = 1.25;
  private static final double MEGABYTE = 1024.0 * 1024;
  /** Fewer samples do not tell growth from warming up. */
  private static final int MIN_SAMPLES = 30;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final List<Double> megabytes = new ArrayList<>();

  /** A frozen node gives no sample. */
  synchronized void sample(NodeProcess node) throws InterruptedException {
    Process collection = jcmd(node.pid());
    if (!collection.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      collection.destroyForcibly();
      return;
    }
    try {
      HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.adminUrl() + "/metrics")).timeout(TIMEOUT).build();
      http.send(request, BodyHandlers.ofString()).body().lines().filter(line -> line.startsWith(METRIC))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).findFirst()
        .ifPresent(bytes -> megabytes.add(bytes / MEGABYTE));
    } catch (IOException frozen) {
      log.debug("A node did not report its memory: node={} cause={}", node.name(), frozen.toString());
    }
  }

  /** Empty when the trial was too short to tell. */
  synchronized Optional<Invariant.Finding> finding() {
    if (megabytes.size() < MIN_SAMPLES) {
      return Optional.empty();
    }
    int third = megabytes.size() / 3;
    double first = median(megabytes.subList(0, third));
    double last = median(megabytes.subList(megabytes.size() - third, megabytes.size()));
    String counts = "%d samples, heap in use %.1f MB in the first third, %.1f MB in the last"
      .formatted(megabytes.size(), first, last);
    return Optional.of(new Invariant.Finding("memory is flat", counts,
      last <= first * GROWTH ? List.of() : List.of(new Invariant.Violation("", megabytes.toString()))));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static Process jcmd(long pid) {
    try {
      return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
        String.valueOf(pid), "GC.run")
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException failure) {
      throw new AssertionError("jcmd cannot be run", failure);
    }
  }
}
