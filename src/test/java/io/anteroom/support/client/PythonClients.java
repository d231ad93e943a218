package io.anteroom.support.client;

import io.anteroom.support.Commands;
import io.anteroom.support.MachineLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The Python clients of {@code src/test/clients}; pip gets the packages that they are about. */
public final class PythonClients {
  private static final Path SCRIPTS = Path.of("src", "test", "clients");
  private static final Path REQUIREMENTS = SCRIPTS.resolve("requirements.txt");
  private static final Path HOME = Path.of("target", "python-clients").toAbsolutePath();
  private static final Path PYTHON = HOME.resolve("bin").resolve("python3");
  private static final Path LOCK = Path.of("target", "python-clients.lock");
  /** Stands in the environment once everything is. */
  private static final Path DONE = HOME.resolve("requirements.txt");
  private static final Commands COMMANDS = new Commands("python-clients-installation.log");

  private PythonClients() {
  }

  /** Starts one of them at work. */
  public static ClientProcess run(String script, ClientProcess.Place place, String workflow) {
    return ClientProcess.start(SCRIPTS, List.of(installed().toString(), script + ".py"), place, workflow);
  }

  /** The Python of a virtual environment; one JVM at a time makes it. */
  private static synchronized Path installed() {
    return MachineLock.by(LOCK, () -> {
      if (Files.notExists(DONE) || Files.mismatch(REQUIREMENTS, DONE) >= 0) {
        install();
      }
      return PYTHON;
    });
  }

  private static void install() throws IOException {
    boolean hasHome = makeHome() || COMMANDS.install("python3", "python3-venv") && makeHome();
    if (!hasHome || !COMMANDS.run(PYTHON.toString(), "-m", "pip", "--disable-pip-version-check", "--no-input",
        "install", "--no-deps", "--only-binary", ":all:", "--requirement", REQUIREMENTS.toString())) {
      throw new IllegalStateException(
        "pip could not get the clients, %s says why. The tests need Python 3.11 or newer with venv and pip."
          .formatted(COMMANDS));
    }
    Files.copy(REQUIREMENTS, DONE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean makeHome() {
    return COMMANDS.run("python3", "-m", "venv", "--clear", HOME.toString());
  }
}
