package io.anteroom.task;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a task; the same text is the {@code prompt_id} at ComfyUI.
 *
 * @param value a UUID in its canonical lower-case form, the only form that every version of ComfyUI takes
 */
public record TaskId(String value) implements Comparable<TaskId> {
  private static final Pattern CANONICAL =
    Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  public TaskId {
    if (value == null || !CANONICAL.matcher(value).matches()) {
      throw new IllegalArgumentException("task id is not a canonical lower-case UUID: " + value);
    }
  }

  /** A new, unique id. */
  public static TaskId random() {
    return new TaskId(UUID.randomUUID().toString());
  }

  /** The id in {@code text}, upper case folded; empty when the text is no UUID. */
  public static Optional<TaskId> parse(String text) {
    String folded = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return CANONICAL.matcher(folded).matches() ? Optional.of(new TaskId(folded)) : Optional.empty();
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
