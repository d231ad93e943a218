package io.anteroom;

/** Something outside of Anteroom is in the way of its start; the message says what, and what to do. */
final class CouldNotStart extends RuntimeException {
  CouldNotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
