package io.anteroom.simulator;

/** An exception as ComfyUI's Python would raise it: either answered 500, or told in a node's errors. */
final class PythonError extends RuntimeException {

  private final String type;

  PythonError(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  static PythonError type(String message) {
    return new PythonError("TypeError", message);
  }

  static PythonError value(String message) {
    return new PythonError("ValueError", message);
  }

  static PythonError key(String key) {
    return new PythonError("KeyError", PythonText.repr(key));
  }

  /** The name of the Python class. */
  String type() {
    return type;
  }
}
