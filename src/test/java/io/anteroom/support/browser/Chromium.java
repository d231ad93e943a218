package io.anteroom.support.browser;

import com.microsoft.playwright.CLI;
import io.anteroom.support.Commands;
import io.anteroom.support.MachineLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds a Chromium on this machine, and installs one when there is none. */
final class Chromium {
  /** Names a Chromium to use, for machines where none of the usual ways works. */
  static final String VARIABLE = "ANTEROOM_CHROMIUM";

  private static final List<String> NAMES =
    List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "anteroom-chromium.lock");

  private static final Commands COMMANDS = new Commands("chromium-installation.log");

  private final Path downloaded;

  /** Makes one that knows where Playwright would put a browser of its own. */
  Chromium(Path downloaded) {
    this.downloaded = downloaded;
  }

  /** The executable; installs it first if it must, one JVM at a time. */
  synchronized Path executable() {
    return present().orElseGet(this::install);
  }

  private Optional<Path> present() {
    return Stream.<Supplier<Optional<Path>>>of(Chromium::named, () -> Commands.onPath(NAMES), this::downloaded)
      .map(Supplier::get)
      .flatMap(Optional::stream)
      .findFirst();
  }

  private static Optional<Path> named() {
    return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of);
  }

  private Optional<Path> downloaded() {
    return Optional.of(downloaded).filter(Files::isExecutable);
  }

  private Path install() {
    return MachineLock.by(LOCK, () -> present()
      .or(() -> after(download()))
      .or(() -> after(COMMANDS.install("chromium")))
      .orElseThrow(() -> new IllegalStateException(("There is no Chromium, and none could be installed (%s says "
        + "why). Install Chromium or Google Chrome, or name one in the environment variable %s.")
        .formatted(COMMANDS, VARIABLE))));
  }

  private Optional<Path> after(boolean installed) {
    return installed ? present() : Optional.empty();
  }

  private static boolean download() {
    return COMMANDS.run(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-cp", System.getProperty("java.class.path"), CLI.class.getName(), "install", "chromium");
  }
}
