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
 * the system gives to outgoing connections: one of these could take it before the test listens there.
 */
public final class FreePorts {
  private static final int FIRST = 11_000;
  private static final int LAST = 31_999;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {
  }

  /** One at random, so that another run at the same time hardly chooses the same. */
  public static int next() {
    int random = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
    int port = random - random % Lane.MOST + Lane.NUMBER % Lane.MOST;
    return GIVEN.add(port) && isFree(port) ? port : next();
  }

  /** The first of so many in a row. */
  public static int row(int count) {
    int first = ThreadLocalRandom.current().nextInt(FIRST, LAST + 2 - count);
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
