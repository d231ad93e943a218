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
 * The Redis process of a node that has no other: its data in one directory, reachable from this machine only. When it
 * ends by itself, killed or because the disk is full, it is restarted with exponential backoff.
 *
 * <p>It blocks while it starts and stops, so only the command line calls it, before Vert.x starts and after Vert.x has
 * closed. It registers no shutdown hook: its caller stops it last. A Redis process that outlived a killed Anteroom is
 * found by its directory and adopted as it runs.
 */
public final class EmbeddedRedis {
  /** The remedy for a directory that cannot be used. */
  public static final String REMEDY =
    "let the user of this process write there, make room, or set data.dir to another folder";
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final Duration READY_INTERVAL = Duration.ofMillis(20);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  /** After this time a process counts as healthy, and the backoff starts anew when it ends. */
  private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);

  /** How often the free space of the disk is checked. */
  private static final Duration DISK_INTERVAL = Duration.ofSeconds(10);

  private final RedisDataDirectory home;
  private final int port;
  private final long maxMemory;
  private final DiskSpace disk;
  private volatile RedisProcess process;
  private Thread supervisor;
  private CountDownLatch stopping = new CountDownLatch(1);

  /**
   * An embedded Redis without bounds, not started yet.
   *
   * @param directory its own; created when it is missing
   * @param port      on the loopback address
   */
  public EmbeddedRedis(Path directory, int port) {
    this(directory, port, 0, 0);
  }

  /**
   * An embedded Redis with bounds, not started yet.
   *
   * @param maxMemory in bytes; writes that need more are refused, and nothing is evicted
   * @param minFree   bytes of the disk; a warning is logged when fewer are free
   */
  public EmbeddedRedis(Path directory, int port, long maxMemory, long minFree) {
    this.home = new RedisDataDirectory(directory.toAbsolutePath().normalize());
    this.port = port;
    this.maxMemory = maxMemory;
    this.disk = new DiskSpace(home.directory(), minFree);
  }

  /**
   * Starts it, and returns when it replies.
   *
   * @throws IllegalStateException when it cannot start; the message has the cause and the remedy
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
    supervisor = new Thread(this::supervise, "embedded-redis");
    supervisor.setDaemon(true);
    supervisor.start();
  }

  /** Why it cannot use its directory, as far as that can be checked without a change; empty for no reason. */
  public Optional<String> obstacle() {
    return home.obstacle();
  }

  /** Whether a Redis of this directory runs already, or another Anteroom that uses it. */
  public boolean isInUse() {
    return home.orphan().isPresent() || home.isLocked();
  }

  /** How to reach it; contains its password. */
  public RedisEndpoint access() {
    return RedisEndpoint.standalone("redis://:" + home.password() + "@127.0.0.1:" + port);
  }

  /** Stops it gracefully; everything that it acknowledged is on disk. */
  public void stop() {
    stopping.countDown();
    stopProcess();
    if (supervisor != null) {
      join(supervisor);
      // A process that was just being restarted.
      stopProcess();
    }
    supervisor = null;
    process = null;
    home.unlock();
  }

  private void stopProcess() {
    if (process != null && !process.stop(STOP_TIMEOUT)) {
      log.warn("The embedded Redis did not stop within {} s and was killed: port={}", STOP_TIMEOUT.toSeconds(), port);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Restarts it whenever it has ended, until it is stopped. */
  private void supervise() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        long since = System.nanoTime();
        awaitEnd();
        if (isStopping()) {
          return;
        }
        pause = System.nanoTime() - since > HEALTHY_AFTER.toNanos() ? FIRST_PAUSE : pause;
        log.error("The embedded Redis has ended and is restarted: port={} its last output:\n{}", port,
          home.lastOutput());
        pause = restart(pause);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Checks the disk until the process has ended. */
  private void awaitEnd() throws InterruptedException {
    while (!process.awaitEnd(DISK_INTERVAL)) {
      disk.logChange();
    }
  }

  /** Tries until it runs or is stopped; returns the pause before the next restart. */
  private Duration restart(Duration first) throws InterruptedException {
    Duration pause = first;
    while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      boolean isFirst = pause.equals(first);
      pause = Collections.min(List.of(pause.multipliedBy(2), MAX_PAUSE));
      try {
        process = launch();
        return pause;
      } catch (IllegalStateException | UncheckedIOException failure) {
        if (isFirst) {
          log.error("The embedded Redis cannot be started, trying again: cause={}", failure.getMessage());
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
    int orphanPort = home.lastPort();
    if (orphanPort != port) {
      log.info("Stopping an orphaned Redis on another port: port={}", orphanPort);
      orphan.get().stop(STOP_TIMEOUT);
      return Optional.empty();
    }
    log.info("Adopting an orphaned embedded Redis: port={} pid={}", port, orphan.get().pid());
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
      boolean hasEnded = launched.endsWithin(READY_INTERVAL);
      if (isStopping()) {
        launched.stop(STOP_TIMEOUT);
        throw new IllegalStateException("The embedded Redis was stopped while it started");
      }
      if (hasEnded) {
        throw new IllegalStateException("The embedded Redis ended while it started:\n" + home.lastOutput());
      }
      if (System.nanoTime() - start > START_TIMEOUT.toNanos()) {
        launched.stop(STOP_TIMEOUT);
        throw new IllegalStateException("The embedded Redis did not answer within %d s:\n%s"
          .formatted(START_TIMEOUT.toSeconds(), home.lastOutput()));
      }
    }
  }
}
