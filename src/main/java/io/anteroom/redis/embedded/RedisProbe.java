package io.anteroom.redis.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a Redis on this machine for a sign of life, before there is a client. */
final class RedisProbe {
  private static final int PATIENCE_MS = 1_000;

  private RedisProbe() {
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
