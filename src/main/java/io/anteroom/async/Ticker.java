package io.anteroom.async;

/**
 * The monotonic clock of this process, in nanoseconds: for spans of time, which a change of the system's clock must not
 * stretch. Injected, so that a test moves it instead of waiting.
 */
@FunctionalInterface
public interface Ticker {

  /** A reading whose difference to another one counts, and nothing else. */
  long nanos();

  static Ticker system() {
    return System::nanoTime;
  }
}
