package io.anteroom.redis.embedded;

import io.anteroom.config.files.DiskSpace;
import io.anteroom.config.files.FileErrors;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.embedded.RedisProcess.Probe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis of our own for a lab that has none: its data in one directory, reachable from this machine only. When it ends
 * by itself, killed or for want of room on the disk, it is started again.
 *
 * <p>Blocks while it starts and stops, so it is called by the command line only, before Vert.x is there and after it
 * has gone. It registers no hook of its own: whoever started it stops it last. One that outlived a killed Anteroom is
 * found by its directory and taken over as it runs.
 */
public final class EmbeddedRedis {
  /** What to do about a directory that cannot be used. */
  public static final String REMEDY =
    "let the user of this process write there, make room, or set data.dir to another folder";
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  /** One that ran so long is well: when it ends after that, it is for a reason of its own. */
  private static final Duration WELL = Duration.ofMinutes(1);

  /** How often it is looked whether the disk fills. */
  private static final Duration DISK_INTERVAL = Duration.ofSeconds(10);

  private final RedisDataDirectory home;
  private final int port;
  private final long maxMemory;
  private final DiskSpace disk;
  private volatile RedisProcess process;
  private Thread keeper;
  private CountDownLatch stopping = new CountDownLatch(1);

  /**
   * One that is not started yet.
   *
   * @param directory its own; made when it is missing
   * @param port      where it listens, on the loopback address
   */
  public EmbeddedRedis(Path directory, int port) {
    this(directory, port, 0, 0);
  }

  /**
   * One that is bounded.
   *
   * @param maxMemory in bytes; what would need more is refused, and nothing is thrown away
   * @param minFree   bytes of the disk; that there are fewer is logged
   */
  public EmbeddedRedis(Path directory, int port, long maxMemory, long minFree) {
    this.home = new RedisDataDirectory(directory.toAbsolutePath().normalize());
    this.port = port;
    this.maxMemory = maxMemory;
    this.disk = new DiskSpace(home.directory(), minFree);
  }

  /**
   * Makes sure that it runs and answers.
   *
   * @throws IllegalStateException when it cannot; the message says why and what to do
   */
  public void start() {
    stopping = new CountDownLatch(1);
    try {
      home.prepare();
      home.lock();
    } catch (IOException failure) {
      throw new UncheckedIOException("The embedded Redis cannot use its directory %s: %s; %s"
        .formatted(home.directory(), FileErrors.reason(failure), REMEDY), failure);
    }
    try {
      process = adopt().orElseGet(this::launch);
    } finally {
      if (process == null) {
        home.unlock();
      }
    }
    disk.logChange();
    keeper = new Thread(this::keep, "embedded-redis");
    keeper.setDaemon(true);
    keeper.start();
  }

  /** What keeps it from starting with its directory, as far as that can be seen without a change; empty for nothing. */
  public Optional<String> obstacle() {
    return home.obstacle();
  }

  /** Whether one of this directory, or another Anteroom with it, runs already. */
  public boolean isInUse() {
    return home.orphan().isPresent() || home.isLocked();
  }

  /** How to reach it; carries its password. */
  public RedisEndpoint access() {
    return RedisEndpoint.standalone("redis://:" + home.password() + "@127.0.0.1:" + port);
  }

  /** Stops it in good order; everything that it acknowledged is on disk. */
  public void stop() {
    stopping.countDown();
    stopProcess();
    if (keeper != null) {
      join(keeper);
      // one that was just being started again
      stopProcess();
    }
    keeper = null;
    process = null;
    home.unlock();
  }

  private void stopProcess() {
    if (process != null && !process.stop(STOP_PATIENCE)) {
      log.warn("The embedded Redis did not stop within {} s and was killed: port={}", STOP_PATIENCE.toSeconds(), port);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException wanted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process id, for whoever watches it. */
  public long pid() {
    return process.pid();
  }

  /** Starts it again whenever it has ended, until it is to stop. */
  private void keep() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        long since = System.nanoTime();
        awaitEnd();
        if (isStopping()) {
          return;
        }
        pause = System.nanoTime() - since > WELL.toNanos() ? FIRST_PAUSE : pause;
        log.error("The embedded Redis has ended and is started again: port={} its last words:\n{}", port,
          home.lastWords());
        pause = startAgain(pause);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Minds the disk until it has ended. */
  private void awaitEnd() throws InterruptedException {
    while (!process.awaitEnd(DISK_INTERVAL)) {
      disk.logChange();
    }
  }

  /** Tries until it runs or is to stop; answers how long to wait should it end again. */
  private Duration startAgain(Duration first) throws InterruptedException {
    Duration pause = first;
    while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      boolean isFirst = pause.equals(first);
      pause = Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE));
      try {
        process = launch();
        return pause;
      } catch (IllegalStateException | UncheckedIOException failure) {
        if (isFirst) {
          log.error("The embedded Redis cannot be started, trying on: cause={}", failure.getMessage());
        }
      }
    }
    return pause;
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private Optional<RedisProcess> adopt() {
    Optional<RedisProcess> orphan = home.orphan();
    if (orphan.isEmpty()) {
      return Optional.empty();
    }
    int orphansPort = home.lastPort();
    if (orphansPort != port) {
      log.info("Stopping a Redis that was left over on another port: port={}", orphansPort);
      orphan.get().stop(STOP_PATIENCE);
      return Optional.empty();
    }
    log.info("Taking over the embedded Redis that was left over: port={} pid={}", port, orphan.get().pid());
    return orphan;
  }

  private RedisProcess launch() {
    requireFreePort();
    Path executable = new RedisBinary(home.directory()).find();
    try {
      RedisProcess launched = RedisProcess.launch(executable, home.configure(port, maxMemory), home.log());
      awaitReady(launched);
      log.info("The embedded Redis is ready: port={} pid={} directory={}", port, launched.pid(), home.directory());
      return launched;
    } catch (IOException failure) {
      throw new UncheckedIOException("The embedded Redis cannot be started with %s: %s"
        .formatted(executable, FileErrors.reason(failure)), failure);
    }
  }

  private void requireFreePort() {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      log.debug("The port is free: port={}", probe.getLocalPort());
    } catch (IOException taken) {
      throw new IllegalStateException(("Port %d of the embedded Redis is used by another program (%s);"
        + " set redis.port to a free one, or redis.url to a Redis of your own").formatted(port, taken.getMessage()));
    }
  }

  private void awaitReady(RedisProcess launched) {
    long start = System.nanoTime();
    while (!Probe.isReady(port, home.password())) {
      boolean hasEnded = launched.endsWithin(GLANCE);
      if (isStopping()) {
        launched.stop(STOP_PATIENCE);
        throw new IllegalStateException("The embedded Redis was to stop while it started");
      }
      if (hasEnded) {
        throw new IllegalStateException("The embedded Redis ended while it started:\n" + home.lastWords());
      }
      if (System.nanoTime() - start > START_PATIENCE.toNanos()) {
        launched.stop(STOP_PATIENCE);
        throw new IllegalStateException("The embedded Redis did not answer within %d s:\n%s"
          .formatted(START_PATIENCE.toSeconds(), home.lastWords()));
      }
    }
  }
}
