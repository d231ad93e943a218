package io.anteroom.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that can be set.
 *
 * @param defaultText empty for none
 * @param study       its name in the feasibility study, if it had one
 * @param isSecret    whether its text must never be shown
 */
record ConfigOption<T>(String key, String defaultText, OptionType<T> type, Optional<StudyName<T>> study,
    boolean isSecret) {

  /** A variable of the study, whose text may have another format than in the file. */
  record StudyName<T>(String variable, OptionType<T> type) {
  }

  static <T> ConfigOption<T> of(String key, String defaultText, OptionType<T> type) {
    return new ConfigOption<>(key, defaultText, type, Optional.empty(), false);
  }

  /** One without a default whose text is never shown. */
  static <T> ConfigOption<T> secret(String key, OptionType<T> type) {
    return new ConfigOption<>(key, "", type, Optional.empty(), true);
  }

  ConfigOption<T> alsoSetBy(String variable, OptionType<T> written) {
    return new ConfigOption<>(key, defaultText, type, Optional.of(new StudyName<>(variable, written)), isSecret);
  }

  /** {@code http.port} is {@code ANTEROOM_HTTP_PORT}. */
  String variable() {
    return "ANTEROOM_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** How its text may be shown. */
  String shown(String text) {
    if (isSecret) {
      return text.isEmpty() ? text : "***";
    }
    return this == (ConfigOption<?>) ConfigOptions.REDIS_URL ? RedisUrl.hidden(text) : text;
  }
}
