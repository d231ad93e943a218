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

  /** Asks a Redis on this machine for a sign of life, before there is a client. */
  static final class Probe {
    private static final int PATIENCE_MS = 1_000;

    private Probe() {
    }

    /** Whether a Redis with this password stands there; it may still be loading its data. */
    static boolean isOurs(int port, String password) {
      return answers(port, password, "ECHO ours", "$4");
    }

    /** Whether it takes commands. */
    static boolean isReady(int port, String password) {
      return answers(port, password, "PING", "+PONG");
    }

    private static boolean answers(int port, String password, String command, String expected) {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        String request = "AUTH " + password + "\r\n" + command + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        return "+OK".equals(in.readLine()) && expected.equals(in.readLine());
      } catch (IOException nobody) {
        return false;
      }
    }
  }
}
