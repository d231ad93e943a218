package io.anteroom.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that can be set.
 *
 * @param standard the text of its default; empty for none
 * @param study    the name that the feasibility study gave it, when it did
 * @param isSecret whether its text must not be shown to anybody
 */
record ConfigOption<T>(String key, String standard, OptionType<T> kind, Optional<StudyName<T>> study,
    boolean isSecret) {

  /** A variable of the study, whose text may be written otherwise than in the file. */
  record StudyName<T>(String variable, OptionType<T> kind) {
  }

  static <T> ConfigOption<T> of(String key, String standard, OptionType<T> kind) {
    return new ConfigOption<>(key, standard, kind, Optional.empty(), false);
  }

  /** One without a default whose text is nobody's business. */
  static <T> ConfigOption<T> secret(String key, OptionType<T> kind) {
    return new ConfigOption<>(key, "", kind, Optional.empty(), true);
  }

  ConfigOption<T> alsoSetBy(String variable, OptionType<T> written) {
    return new ConfigOption<>(key, standard, kind, Optional.of(new StudyName<>(variable, written)), isSecret);
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
