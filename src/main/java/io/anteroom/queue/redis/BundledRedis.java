package io.anteroom.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** Tries whether the redis-server that comes with Anteroom runs on this machine. */
public final class BundledRedis {
  private static final int PATIENCE_S = 10;

  private BundledRedis() {
  }

  /**
   * Its version, as 6.2.11. Blocks until it has said it.
   *
   * @throws IOException that says why it does not run
   */
  public static String version() throws IOException {
    String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
    if (resource == null) {
      throw new IOException("there is none for this system");
    }
    Path executable = Files.createTempFile("anteroom-redis", resource.endsWith(".exe") ? ".exe" : "");
    try (InputStream content = ExecutableProvider.class.getResourceAsStream(resource)) {
      Files.write(executable, content.readAllBytes());
      return run(executable);
    } finally {
      Files.delete(executable);
    }
  }

  private static String run(Path executable) throws IOException {
    if (!executable.toFile().setExecutable(true)) {
      throw new IOException("cannot make it executable: " + executable);
    }
    Process process = new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException wanted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", wanted);
    }
    return said.replaceAll("(?s).*\\bv=(\\S+).*", "$1");
  }
}
