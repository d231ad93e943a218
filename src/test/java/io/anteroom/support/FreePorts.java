package io.anteroom.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports that nobody listens on, each given out once in a long while, and by no other {@link Lane}. None is of those
 * that the system gives to outgoing connections: one of these could take it before the test listens there. Nor is one
 * the default of a setting, so that a node which is told one port has no other of the same number.
 */
public final class FreePorts {
  private static final int ABOVE_DEFAULTS = 15_702;
  private static final int SHARE = (32_767 - ABOVE_DEFAULTS) / Lane.MOST;
  private static final int FIRST = firstOf(Lane.NUMBER);
  /** Begins at random, so that another run at the same time hardly gives out the same. */
  private static int given = ThreadLocalRandom.current().nextInt(SHARE);

  private FreePorts() {
  }

  public static int next() {
    return row(1);
  }

  /** The least port of a lane. */
  static int firstOf(int lane) {
    return ABOVE_DEFAULTS + lane % Lane.MOST * SHARE;
  }

  /** The first of so many in a row. */
  public static synchronized int row(int count) {
    for (int tries = 0; tries < SHARE; tries++) {
      given = given + count < SHARE ? given : 0;
      int first = FIRST + given;
      given += count;
      if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
        return first;
      }
    }
    throw new IllegalStateException("no %d of the ports %d to %d in a row are free".formatted(count, FIRST,
      FIRST + SHARE));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
