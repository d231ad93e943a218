package io.anteroom.queue;

/** A stored request that this node cannot read, now or later: it has another secret, or the request was changed. */
public final class UnreadableRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnreadableRequestException(String why) {
    super("the stored request cannot be read: " + why, null, false, false);
  }
}
