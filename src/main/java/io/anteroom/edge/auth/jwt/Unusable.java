package io.anteroom.edge.auth.jwt;

/** Says that an answer or a file was read and is of no use: it is vain to try again before somebody mends it. */
public final class Unusable extends RuntimeException {
  /** @param why what would be right, or what is wrong */
  public Unusable(String why) {
    super(why, null, false, false);
  }
}
