package io.anteroom.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the commands that get what tests need but do not bring; what they say is kept in a log under target. */
public final class Commands {
  private static final long MINUTES = 5;
  private static final Path APT_LOCK = Path.of(System.getProperty("java.io.tmpdir"), "anteroom-apt.lock");

  private final File log;

  /** Appends to this file under {@code target}. */
  public Commands(String log) {
    this.log = new File("target", log);
  }

  /** Where a program is, if the shell would find it by one of these names. */
  public static Optional<Path> onPath(List<String> names) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
      .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
      .filter(Files::isExecutable)
      .findFirst();
  }

  /** Whether it ended well. */
  public boolean run(String... command) {
    return runIn(Path.of("."), command);
  }

  /** Whether it ended well, in this folder. */
  public boolean runIn(Path folder, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.getAbsoluteFile()));
      builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
      Process process = builder.start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException cannotStart) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Installs these packages, if this is a Debian and we may. */
  public boolean install(String... packages) {
    return MachineLock.by(APT_LOCK, () -> aptGet("update") && aptGet(Stream.concat(
      Stream.of("install", "-y", "--no-install-recommends"), Arrays.stream(packages)).toArray(String[]::new)));
  }

  @Override
  public String toString() {
    return log.toString();
  }

  private boolean aptGet(String... arguments) {
    boolean isDebian = Files.isExecutable(Path.of("/usr/bin/apt-get"));
    return isDebian && System.getProperty("user.name").equals("root")
      && run(Stream.concat(Stream.of("apt-get"), Arrays.stream(arguments)).toArray(String[]::new));
  }
}
