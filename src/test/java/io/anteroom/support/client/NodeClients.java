package io.anteroom.support.client;

import io.anteroom.support.Commands;
import io.anteroom.support.MachineLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The JavaScript clients of {@code src/test/clients}; npm gets the packages that they are about. */
public final class NodeClients {
  private static final Path SCRIPTS = Path.of("src", "test", "clients");
  private static final Path INSTALLED = Path.of("target", "clients");
  private static final Path DONE = INSTALLED.resolve(Path.of("node_modules", ".package-lock.json"));
  private static final String LOCK_FILE = "package-lock.json";
  private static final Commands COMMANDS = new Commands("clients-installation.log");

  private NodeClients() {
  }

  /** The folder with the scripts and all that they need. */
  private static synchronized Path installed() {
    return MachineLock.by(INSTALLED.resolve("lock"), () -> {
      boolean isUpToDate = Files.exists(DONE)
        && Files.mismatch(SCRIPTS.resolve(LOCK_FILE), INSTALLED.resolve(LOCK_FILE)) < 0;
      copyScripts();
      if (!isUpToDate) {
        install();
      }
      return INSTALLED;
    });
  }

  /** Starts one of them at work. */
  public static ClientProcess run(String script, ClientProcess.Place place, String workflow) {
    return ClientProcess.start(installed(), List.of("node", script + ".mjs"), place, workflow);
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
}
