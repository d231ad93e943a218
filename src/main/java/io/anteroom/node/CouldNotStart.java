package io.anteroom.node;

import java.net.BindException;

/** Something outside of Anteroom is in the way of its start; the message says what, and what to do. */
public final class CouldNotStart extends RuntimeException {
  public CouldNotStart(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same failure, or in words when it is that nobody can listen there. */
  public static Throwable naming(String ports, Throwable failure) {
    return failure instanceof BindException
      ? new CouldNotStart("%s cannot be listened on (%s): does something else run there? Choose another"
        .formatted(ports, failure.getMessage()), failure)
      : failure;
  }
}
