package io.anteroom.comfy;

/** An instance did not answer as a ComfyUI does. */
public final class ComfyException extends RuntimeException {
  public ComfyException(String message) {
    super(message, null, false, false);
  }
}
