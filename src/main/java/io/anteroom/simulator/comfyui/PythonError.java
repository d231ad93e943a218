package io.anteroom.simulator.comfyui;

/** An exception as ComfyUI's Python would raise it: either answered 500, or told in a node's errors. */
public final class PythonError extends RuntimeException {

  private final String type;

  public PythonError(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  public static PythonError type(String message) {
    return new PythonError("TypeError", message);
  }

  public static PythonError value(String message) {
    return new PythonError("ValueError", message);
  }

  public static PythonError key(String key) {
    return new PythonError("KeyError", PythonText.repr(key));
  }

  /** The name of the Python class. */
  public String type() {
    return type;
  }
}
