package io.anteroom.redis.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A redis-server process on this machine, launched or found. */
final class RedisProcess {
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final ProcessHandle handle;
  private final CountDownLatch ended = new CountDownLatch(1);

  RedisProcess(ProcessHandle handle) {
    this.handle = handle;
    handle.onExit().thenRun(ended::countDown);
  }

  /**
   * Launches a process that writes its output to {@code log}.
   *
   * <p>In a session of its own where the system supports that: Ctrl-C in a terminal goes to all processes of a session,
   * and Redis must outlive the graceful shutdown of Anteroom.
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

  /** Waits for its end; false when it has not ended within the timeout. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it has ended, or ends within the timeout. */
  boolean endsWithin(Duration timeout) {
    try {
      return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return !handle.isAlive();
    }
  }

  /** Stops it, and kills it after the timeout; returns false then. */
  boolean stop(Duration timeout) {
    handle.destroy();
    boolean inTime = endsWithin(timeout);
    if (!inTime) {
      handle.destroyForcibly();
      endsWithin(timeout);
    }
    return inTime;
  }

  /** Probes a Redis on this machine before there is a client. */
  static final class Probe {
    private static final int TIMEOUT_MS = 1_000;

    private Probe() {
    }

    /** Whether a Redis with this password listens there; it may still be loading its data. */
    static boolean isOurs(int port, String password) {
      return answers(port, password, "ECHO ours", "$4");
    }

    /** Whether it accepts commands. */
    static boolean isReady(int port, String password) {
      return answers(port, password, "PING", "+PONG");
    }

    private static boolean answers(int port, String password, String command, String expected) {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        String request = "AUTH " + password + "\r\n" + command + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        return "+OK".equals(in.readLine()) && expected.equals(in.readLine());
      } catch (IOException unreachable) {
        return false;
      }
    }
  }
}
