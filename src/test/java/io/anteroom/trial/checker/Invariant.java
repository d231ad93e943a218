package io.anteroom.trial.checker;

import java.util.List;

/** A property that must always hold, checked when a trial is over. */
public interface Invariant {
  Finding check(Evidence evidence);

  /**
   * What was found.
   *
   * @param promise    what was promised
   * @param counts     what was counted to check it
   * @param violations every case in which it was broken
   */
  record Finding(String promise, String counts, List<Violation> violations) {
    boolean isKept() {
      return violations.isEmpty();
    }

    @Override
    public String toString() {
      return "%s: %s: %s".formatted(promise, counts,
        isKept() ? "kept" : "BROKEN " + violations.size() + (violations.size() == 1 ? " time" : " times"));
    }
  }

  /** A case in which it was broken; the task is empty when it is about no single one. */
  record Violation(String task, String what) {
  }
}
