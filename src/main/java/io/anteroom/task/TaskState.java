package io.anteroom.task;

import java.util.Arrays;
import java.util.Locale;

/** The state of a task; the same seven words in code, JSON, logs and page. */
public enum TaskState {
  QUEUED,
  PROCESSING,
  COMPLETED,
  FAILED,
  CANCELLED,
  TIMED_OUT,
  /** Its instance lost it, and it may not be run again. */
  LOST;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The state as JSON and Redis write it: {@code queued}, {@code timed_out}, … */
  public String word() {
    return word;
  }

  /** Whether nothing will change any more. */
  public boolean isFinal() {
    return this != QUEUED && this != PROCESSING;
  }

  /** The state written as {@code word}. */
  public static TaskState of(String word) {
    return Arrays.stream(values())
      .filter(state -> state.word.equals(word))
      .findFirst()
      .orElseThrow(() -> new IllegalArgumentException("no such task state: " + word));
  }
}
