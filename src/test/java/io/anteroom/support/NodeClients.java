package io.anteroom.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The scripts of {@code src/test/clients} with the packages that they are about, got with npm below target. */
public final class NodeClients {
  private static final Path SCRIPTS = Path.of("src", "test", "clients");
  private static final Path INSTALLED = Path.of("target", "clients");
  private static final Path DONE = INSTALLED.resolve(Path.of("node_modules", ".package-lock.json"));
  private static final String LOCK_FILE = "package-lock.json";
  private static final long MOST_SECONDS = 120;
  private static final Commands COMMANDS = new Commands("clients-installation.log");

  private NodeClients() {
  }

  /** The folder with the scripts and all that they need. */
  public static synchronized Path installed() {
    return OneAtATime.by(INSTALLED.resolve("lock"), () -> {
      boolean isUpToDate = Files.exists(DONE)
        && Files.mismatch(SCRIPTS.resolve(LOCK_FILE), INSTALLED.resolve(LOCK_FILE)) < 0;
      copyScripts();
      if (!isUpToDate) {
        install();
      }
      return INSTALLED;
    });
  }

  /** Starts one of them for the ComfyUI at this address. */
  public static Running run(Path folder, String script, String address) {
    try {
      File said = Files.createTempFile(folder, script, ".log").toFile();
      Process process = new ProcessBuilder("node", script + ".mjs", address)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(said)
        .start();
      return new Running(process, said.toPath());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void copyScripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      for (Path file : files.toList()) {
        Files.copy(file, INSTALLED.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void install() {
    boolean hasNpm = COMMANDS.run("npm", "--version") || COMMANDS.install("nodejs", "npm");
    if (!hasNpm || !COMMANDS.runIn(INSTALLED, "npm", "ci", "--prefer-offline", "--legacy-peer-deps", "--ignore-scripts",
        "--no-audit", "--no-fund")) {
      throw new IllegalStateException(
        "npm could not get the clients, %s says why. The tests need Node.js with npm.".formatted(COMMANDS));
    }
  }

  /** A client at work. */
  public record Running(Process process, Path log) implements AutoCloseable {
    /** What it has said so far, line by line. */
    public List<String> said() {
      try {
        return Files.readAllLines(log);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** With what it ended. */
    public int awaitEnd() {
      try {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
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
}
