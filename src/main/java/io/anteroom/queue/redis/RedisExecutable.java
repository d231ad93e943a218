package io.anteroom.queue.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** Finds a redis-server that runs on this machine: the bundled one, else one on the PATH. */
final class RedisExecutable {
  private static final Logger log = LoggerFactory.getLogger(RedisExecutable.class);
  private static final int PATIENCE_S = 10;

  private final Path directory;
  private final String path;

  /** The bundled one is unpacked into this directory. */
  RedisExecutable(Path directory) {
    this(directory, Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  RedisExecutable(Path directory, String path) {
    this.directory = directory;
    this.path = path;
  }

  /**
   * The executable.
   *
   * @throws IllegalStateException when none runs; the message says what was tried
   */
  Path find() {
    Optional<Path> bundled = bundled();
    String complaint = bundled.map(RedisExecutable::complaintOf).orElse("there is none for this system");
    if (complaint.isEmpty()) {
      return bundled.orElseThrow();
    }
    Optional<Path> installed = onPath().filter(found -> complaintOf(found).isEmpty()).findFirst();
    installed.ifPresent(
      found -> log.warn("The bundled Redis does not run here, using another: cause={} redis={}", complaint, found));
    return installed.orElseThrow(() -> new IllegalStateException(
      "No Redis runs on this machine. The bundled one: %s. On the PATH: none that runs.".formatted(complaint)
        + " Install redis-server, or OpenSSL 3 for the bundled one, or set redis.url to a Redis of your own"));
  }

  private Optional<Path> bundled() {
    String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
    if (resource == null) {
      return Optional.empty();
    }
    String name = resource.substring(1);
    try (InputStream in = ExecutableProvider.class.getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(unpack(in.readAllBytes(), name));
    } catch (IOException failure) {
      log.warn("The bundled Redis cannot be unpacked: directory={} cause={}", directory, failure.toString());
      return Optional.empty();
    }
  }

  /** Moved into place whole, so that a half written one is never run. */
  private Path unpack(byte[] content, String name) throws IOException {
    Path executable = directory.resolve(name);
    if (!Files.exists(executable) || !Arrays.equals(Files.readAllBytes(executable), content)) {
      Path fresh = Files.write(directory.resolve(name + ".new"), content);
      Files.move(fresh, executable, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!executable.toFile().setExecutable(true)) {
      throw new IOException("cannot make it executable: " + executable);
    }
    return executable;
  }

  private Stream<Path> onPath() {
    return Stream.of(path.split(File.pathSeparator))
      .filter(entry -> !entry.isBlank())
      .map(entry -> Path.of(entry, "redis-server"))
      .filter(Files::isExecutable);
  }

  /** Why it does not run; empty when it does. */
  private static String complaintOf(Path executable) {
    try {
      Process process = new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? "" : "it says \"" + said + "\"";
    } catch (IOException failure) {
      return failure.getMessage();
    } catch (InterruptedException wanted) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
