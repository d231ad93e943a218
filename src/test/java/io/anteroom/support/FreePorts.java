package io.anteroom.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports that nobody listens on, each given out once in this JVM, and in no other {@link Lane}. None is of those that
 * the system gives to outgoing connections: one of these could take it before the test listens there. Nor is one the
 * default of a setting, so that a node which is told one port has no other of the same number.
 */
public final class FreePorts {
  private static final int ABOVE_DEFAULTS = 16_000;
  private static final int SHARE = (32_000 - ABOVE_DEFAULTS) / Lane.MOST;
  private static final int FIRST = firstOf(Lane.NUMBER);
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {
  }

  /** One at random, so that another run at the same time hardly chooses the same. */
  public static int next() {
    return row(1);
  }

  /** The least port of a lane. */
  static int firstOf(int lane) {
    return ABOVE_DEFAULTS + lane % Lane.MOST * SHARE;
  }

  /** The first of so many in a row. */
  public static int row(int count) {
    int first = ThreadLocalRandom.current().nextInt(FIRST, FIRST + SHARE + 1 - count);
    return IntStream.range(first, first + count).allMatch(port -> GIVEN.add(port) && isFree(port)) ? first : row(count);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
