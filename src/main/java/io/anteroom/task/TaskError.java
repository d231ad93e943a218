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

  /**
   * The message of an error that an instance's outage caused.
   *
   * @param outage the sentence that says what is wrong with the instance
   */
  public static String messageOf(String type, String outage) {
    return switch (type) {
      case "instance_gave_up" -> "It was not run: %s, for longer than a task waits for it (instance.give_up). Run it "
        .formatted(outage) + "again when the instance is back, or ask for another instance.";
      case "refused_by_instance" -> "The instance answers this workflow with an error each time, while it runs others: "
        + "%s. Nothing of it was run.".formatted(outage);
      case "lost" -> "What became of the run is unknown: %s, for longer than a task waits for it (instance.give_up)."
        .formatted(outage);
      default -> outage;
    };
  }
}
