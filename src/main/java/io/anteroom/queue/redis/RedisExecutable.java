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
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;
import redis.embedded.model.OsArchitecture;

/** Finds a redis-server that runs on this machine: the bundled one, else one on the PATH. */
public final class RedisExecutable {
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
   * The version of the bundled one, as 6.2.11. Blocks until it has said it.
   *
   * @throws IOException that says why it does not run
   */
  public static String bundledVersion() throws IOException {
    Path directory = Files.createTempDirectory("anteroom-redis");
    try {
      return version(new RedisExecutable(directory).unpack());
    } finally {
      delete(directory);
    }
  }

  /**
   * The executable.
   *
   * @throws IllegalStateException when none runs; the message says what was tried
   */
  Path find() {
    try {
      Path bundled = unpack();
      version(bundled);
      return bundled;
    } catch (IOException | UnknownOSName | OsArchitectureNotFound complaint) {
      return installed(complaint.getMessage());
    }
  }

  private Path installed(String complaint) {
    Optional<Path> installed = onPath().filter(RedisExecutable::runs).findFirst();
    installed.ifPresent(
      found -> log.warn("The bundled Redis does not run here, using another: cause={} redis={}", complaint, found));
    return installed.orElseThrow(() -> new IllegalStateException(
      "No Redis runs on this machine. The bundled one: %s. On the PATH: none that runs.".formatted(complaint)
        + " Install redis-server, or OpenSSL 3 for the bundled one, or set redis.url to a Redis of your own"));
  }

  /** Moved into place whole, so that a half written one is never run. */
  private Path unpack() throws IOException {
    String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
    try (InputStream in = resource == null ? null : ExecutableProvider.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("there is none for this system");
      }
      byte[] content = in.readAllBytes();
      Path executable = directory.resolve(resource.substring(1));
      if (!Files.exists(executable) || !Arrays.equals(Files.readAllBytes(executable), content)) {
        Path fresh = Files.write(directory.resolve(executable.getFileName() + ".new"), content);
        Files.move(fresh, executable, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!executable.toFile().setExecutable(true)) {
        throw new IOException("it cannot be made executable in " + directory);
      }
      return executable;
    }
  }

  private Stream<Path> onPath() {
    return Stream.of(path.split(File.pathSeparator))
      .filter(entry -> !entry.isBlank())
      .map(entry -> Path.of(entry, "redis-server"))
      .filter(Files::isExecutable);
  }

  private static boolean runs(Path executable) {
    try {
      version(executable);
      return true;
    } catch (IOException complaint) {
      log.debug("Passing over a Redis that does not run: redis={} cause={}", executable, complaint.getMessage());
      return false;
    }
  }

  /** Fails unless it runs. */
  private static String version(Path executable) throws IOException {
    Process process = new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("it says \"" + said + "\"");
      }
      return said.replaceAll("(?s).*\\bv=(\\S+).*", "$1");
    } catch (InterruptedException wanted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", wanted);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
