package io.anteroom.config.files;

/** Debounces a polled value: a new one counts once two polls in a row have seen it. Used by one thread at a time. */
public final class Debounce<T> {
  private T accepted;
  private T last;

  /** @param accepted the value that counts already */
  public Debounce(T accepted) {
    this.accepted = accepted;
    this.last = accepted;
  }

  /** Takes the value of this poll; true when it counts from now on, and did not before. */
  public boolean poll(T now) {
    boolean isStable = now.equals(last);
    last = now;
    if (!isStable || now.equals(accepted)) {
      return false;
    }
    accepted = now;
    return true;
  }
}
