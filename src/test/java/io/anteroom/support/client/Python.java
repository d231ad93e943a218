package io.anteroom.support.client;

import io.anteroom.support.Commands;
import io.anteroom.support.MachineLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds a CPython that has ComfyUI's web server, aiohttp, and sees to one when there is none. */
public final class Python {
  /** Names a Python to use, for machines where none of the usual ways works. */
  private static final String VARIABLE = "ANTEROOM_PYTHON";

  private static final List<String> NAMES = List.of("python3");
  private static final Path HOME = Path.of("target", "python").toAbsolutePath();
  private static final Path LOCK = Path.of("target", "python.lock");
  private static final Commands COMMANDS = new Commands("python-installation.log");

  private Python() {
  }

  /** The executable; installs what is missing first, one JVM at a time. */
  public static synchronized Path executable() {
    return MachineLock.by(LOCK, () -> present()
      .or(() -> makeOwn() ? present() : Optional.empty())
      .or(() -> COMMANDS.install("python3", "python3-aiohttp") ? present() : Optional.empty())
      .orElseThrow(() -> new IllegalStateException(("There is no Python 3 with aiohttp, and none could be installed "
        + "(%s says why). Install python3 and aiohttp, or name such a Python in the environment variable %s.")
        .formatted(COMMANDS, VARIABLE))));
  }

  private static Optional<Path> present() {
    return Stream.<Supplier<Optional<Path>>>of(Python::named, () -> Commands.onPath(NAMES), Python::own)
      .flatMap(where -> where.get().stream())
      .filter(python -> COMMANDS.run(python.toString(), "-c", "import aiohttp"))
      .findFirst();
  }

  private static Optional<Path> named() {
    return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of);
  }

  private static Optional<Path> own() {
    return Optional.of(HOME.resolve("bin").resolve("python3")).filter(Files::isExecutable);
  }

  /** A virtual environment below {@code target}, so that nothing of the machine changes. */
  private static boolean makeOwn() {
    return Commands.onPath(NAMES).filter(python ->
      COMMANDS.run(python.toString(), "-m", "venv", "--clear", HOME.toString())
        && COMMANDS.run(HOME.resolve("bin").resolve("python3").toString(),
          "-m", "pip", "--disable-pip-version-check", "install", "aiohttp>=3.8")).isPresent();
  }
}
