package io.anteroom.queue;

/** A stored request that this node can never read: the node has another secret, or the request was changed. */
public final class UnreadableRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnreadableRequestException(String why) {
    super("the stored request cannot be read: " + why, null, false, false);
  }
}
