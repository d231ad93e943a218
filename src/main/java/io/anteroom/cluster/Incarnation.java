package io.anteroom.cluster;

/**
 * A node from its start to its end; started again, it has another life and does not know what it did in the one before.
 *
 * @param node the node's name, the same at every start
 * @param id   unique in the cluster and for all time
 */
public record Incarnation(String node, String id) {

  /** Under which it owns tasks. */
  public String owner() {
    return ofNode(node) + id;
  }

  /** With what the owners of all lives of this node begin. */
  public static String ofNode(String node) {
    return node + "/";
  }
}
