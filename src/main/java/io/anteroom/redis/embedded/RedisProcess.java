package io.anteroom.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A redis-server that runs beside us, whether we launched it or found it. */
final class RedisProcess {
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final ProcessHandle handle;
  private final CountDownLatch ended = new CountDownLatch(1);

  RedisProcess(ProcessHandle handle) {
    this.handle = handle;
    handle.onExit().thenRun(ended::countDown);
  }

  /**
   * Launches one that writes what it says to {@code log}.
   *
   * <p>In a session of its own where the system can do that: Ctrl-C in a terminal goes to all processes of the session,
   * and Redis has to outlive our own orderly stop.
   */
  static RedisProcess launch(Path executable, Path configuration, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.add(executable.toString());
    command.add(configuration.toString());
    Process process = new ProcessBuilder(command)
      .directory(configuration.getParent().toFile())
      .redirectErrorStream(true)
      .redirectOutput(log.toFile())
      .start();
    process.getOutputStream().close();
    return new RedisProcess(process.toHandle());
  }

  long pid() {
    return handle.pid();
  }

  /** Returns when it has ended, or when this time is over; then answers false. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it has ended, or does so before this time is over. */
  boolean endsWithin(Duration patience) {
    try {
      return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException wanted) {
      Thread.currentThread().interrupt();
      return !handle.isAlive();
    }
  }

  /** Asks it to stop, and kills it when it has not in time; then answers false. */
  boolean stop(Duration patience) {
    handle.destroy();
    boolean inTime = endsWithin(patience);
    if (!inTime) {
      handle.destroyForcibly();
      endsWithin(patience);
    }
    return inTime;
  }
}
