package io.anteroom.support.cluster;

import java.util.List;

/**
 * A computer that a node runs on.
 *
 * @param address where the others reach it
 * @param inside  what a command begins with that is to run there
 */
public record Host(String address, List<String> inside) {
  /** The computer that the test runs on. */
  public static final Host HERE = new Host("127.0.0.1", List.of());
}
