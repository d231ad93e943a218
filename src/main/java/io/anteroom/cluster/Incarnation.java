package io.anteroom.cluster;

/**
 * One run of a node's process, from start to end. After a restart the node has another incarnation, which does not know
 * what the one before did.
 *
 * @param node the node's name, the same at every start
 * @param id   unique in the cluster and for all time
 */
public record Incarnation(String node, String id) {

  /** The name under which it owns tasks. */
  public String owner() {
    return ofNode(node) + id;
  }

  /** The prefix that the owners of all incarnations of this node share. */
  public static String ofNode(String node) {
    return node + "/";
  }
}
