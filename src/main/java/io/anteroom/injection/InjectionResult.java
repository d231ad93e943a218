package io.anteroom.injection;

import java.util.Locale;

/** Whether a page was injected, and if not, why; the closed list behind {@code injection_skipped_…}. */
enum InjectionResult {
  INJECTED,
  SWITCHED_OFF,
  NOT_A_PAGE_PATH,
  INSTANCE_UNREACHABLE,
  STATUS_NOT_200,
  NOT_HTML,
  TOO_LARGE,
  ENCODED,
  SETS_COOKIE,
  CHARSET,
  ALREADY_THERE,
  CSP_SANDBOX,
  CSP_SCRIPT,
  NO_TAG,
  UNEXPECTED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The name in metrics and log lines. */
  String word() {
    return word;
  }

  /** The name of its metric. */
  String figure() {
    return this == INJECTED ? "injection_done" : "injection_skipped_" + word;
  }

  /** Whether students of a healthy instance miss our script. */
  boolean isMiss() {
    return switch (this) {
      case INJECTED, ALREADY_THERE, SWITCHED_OFF, INSTANCE_UNREACHABLE -> false;
      default -> true;
    };
  }
}
