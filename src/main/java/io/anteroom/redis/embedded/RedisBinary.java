package io.anteroom.redis.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;
import redis.embedded.model.OsArchitecture;

/**
 * Finds a redis-server that runs on this machine: an installed one if it is newer than the bundled one, since its
 * distribution updates it.
 */
public final class RedisBinary {
  private static final Logger log = LoggerFactory.getLogger(RedisBinary.class);
  private static final int TIMEOUT_S = 10;
  private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+(?:\\.\\d+)*)");
  private static final List<String> NAMES = List.of("redis-server", "valkey-server");
  /** Written by Redis 7 and newer; an older one ignores it, and starts empty. */
  private static final String DATA_OF_7 = "appendonlydir";
  private static final Version SEVEN = Version.parse("7");

  private final Path directory;
  private final String path;

  /** Unpacks the bundled one into this directory, which is also that of the data. */
  public RedisBinary(Path directory) {
    this(directory, Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  public RedisBinary(Path directory, String path) {
    this.directory = directory;
    this.path = path;
  }

  /**
   * A server that runs here.
   *
   * @param version as 6.2.11
   * @param bundled whether it came with Anteroom
   */
  public record Found(Path executable, String version, boolean bundled) {
    private Version order() {
      return Version.parse(version);
    }
  }

  /**
   * The server that a node would start. Blocks until each candidate has printed its version.
   *
   * @throws IOException           when the bundled one cannot be unpacked
   * @throws IllegalStateException when none runs; the message lists what was tried
   */
  public static Found preview() throws IOException {
    Path directory = Files.createTempDirectory("anteroom-redis");
    try {
      return new RedisBinary(directory).choose();
    } finally {
      delete(directory);
    }
  }

  /**
   * The executable.
   *
   * @throws IllegalStateException when none runs that can read the data; the message lists what was tried
   */
  public Path find() {
    Found found = choose();
    if (found.order().compareTo(SEVEN) < 0 && Files.exists(directory.resolve(DATA_OF_7))) {
      throw new IllegalStateException(("The data in %s was written by Redis 7 or newer, and Redis %s would ignore it."
        + " Install redis-server 7 or newer, or set redis.url to a Redis of your own")
        .formatted(directory, found.version()));
    }
    if (!found.bundled()) {
      log.info("Using an installed Redis in place of the bundled one: redis={} version={}", found.executable(),
        found.version());
    }
    return found.executable();
  }

  private Found choose() {
    Optional<Found> installed = onPath().map(RedisBinary::running).flatMap(Optional::stream)
      .max(Comparator.comparing(Found::order));
    try {
      Path unpacked = unpack();
      Found bundled = new Found(unpacked, version(unpacked), true);
      return installed.filter(other -> other.order().compareTo(bundled.order()) > 0).orElse(bundled);
    } catch (IOException | UnknownOSName | OsArchitectureNotFound failure) {
      return installed.orElseThrow(() -> new IllegalStateException(
        "No Redis runs on this machine. The bundled one: %s. On the PATH: none that runs.".formatted(
          failure.getMessage())
          + " Install redis-server, or OpenSSL 3 for the bundled one, or set redis.url to a Redis of your own"));
    }
  }

  /** Moves the file into place when it is complete, so that a half-written one is never run. */
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
      .flatMap(entry -> NAMES.stream().map(name -> Path.of(entry, name)))
      .filter(Files::isExecutable);
  }

  private static Optional<Found> running(Path executable) {
    try {
      return Optional.of(new Found(executable, version(executable), false));
    } catch (IOException failure) {
      log.debug("Ignoring a Redis that does not run: redis={} cause={}", executable, failure.getMessage());
      return Optional.empty();
    }
  }

  /** Fails unless it runs. */
  private static String version(Path executable) throws IOException {
    Process process = new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("it says \"" + said + "\"");
      }
      Matcher version = VERSION.matcher(said);
      if (!version.find()) {
        throw new IOException("it says \"" + said + "\"");
      }
      return version.group(1);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
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
