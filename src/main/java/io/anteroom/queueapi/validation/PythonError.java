package io.anteroom.queueapi.validation;

/** What an instance's Python would certainly raise over a workflow, told then as one of its errors. */
final class PythonError extends RuntimeException {
  private final String type;

  PythonError(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  /** A key that is not there, as Python prints it. */
  static PythonError key(String key) {
    return new PythonError("KeyError", PythonText.repr(key));
  }

  /** The name of its Python class. */
  String type() {
    return type;
  }
}
