package io.anteroom.support.client;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A public client of ComfyUI at work, as a program of its own. */
public record ClientProcess(Process process, Path log) implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 120;
  private static final Path LOGS = Path.of("target", "client-logs");

  /**
   * The ComfyUI that it is given.
   *
   * @param address  without a slash at the end
   * @param user     who signs in there; empty where nobody does
   * @param password of that user
   */
  public record Place(String address, String user, String password) {
    /** Where nobody signs in. */
    public static Place open(String address) {
      return new Place(address, "", "");
    }
  }

  /** Starts a command with the address as its last argument, and this of the workflows that lie beside its script. */
  static ClientProcess start(Path folder, List<String> command, Place place, String workflow) {
    try {
      File log = Files.createTempFile(Files.createDirectories(LOGS), "client", ".log").toFile();
      ProcessBuilder builder = new ProcessBuilder(Stream.concat(command.stream(), Stream.of(place.address())).toList())
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log);
      builder.environment().putAll(Map.of("CLIENT_USER", place.user(), "CLIENT_PASSWORD", place.password(),
        "CLIENT_WORKFLOW", workflow,
        "NO_PROXY", "127.0.0.1", "PYTHONDONTWRITEBYTECODE", "1", "TQDM_DISABLE", "1"));
      return new ClientProcess(builder.start(), log.toPath());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What it has said so far, line by line. */
  public List<String> said() {
    try {
      return Files.readAllLines(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The values that it has told under this name. */
  public List<String> told(String name) {
    return said().stream().filter(line -> line.startsWith(name + " ")).map(line -> line.substring(name.length() + 1))
      .toList();
  }

  /** With what it ended. */
  public int awaitEnd() {
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the client does not end; it said " + said());
      }
      return process.exitValue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
