package io.anteroom.task;

/**
 * Why a task did not complete, so that a student can act on it.
 *
 * @param type    one of ComfyUI's own types, or one of {@link ApiException.Code}
 * @param message one sentence
 * @param details which node, which value; empty when there is no more to say
 * @param report  the whole JSON object in which ComfyUI reported it; empty when it did not
 */
public record TaskError(String type, String message, String details, String report) {
  public TaskError {
    if (type == null || type.isBlank() || message == null || details == null || report == null) {
      throw new IllegalArgumentException("a task error needs type, message, details and report: " + type);
    }
  }

  public TaskError(String type, String message) {
    this(type, message, "", "");
  }
}
