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
record Setting<T>(String key, String standard, Kind<T> kind, Optional<StudyName<T>> study, boolean isSecret) {

  /** A variable of the study, whose text may be written otherwise than in the file. */
  record StudyName<T>(String variable, Kind<T> kind) {
  }

  static <T> Setting<T> of(String key, String standard, Kind<T> kind) {
    return new Setting<>(key, standard, kind, Optional.empty(), false);
  }

  /** One without a default whose text is nobody's business. */
  static <T> Setting<T> secret(String key, Kind<T> kind) {
    return new Setting<>(key, "", kind, Optional.empty(), true);
  }

  Setting<T> alsoSetBy(String variable, Kind<T> written) {
    return new Setting<>(key, standard, kind, Optional.of(new StudyName<>(variable, written)), isSecret);
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
    return this == (Setting<?>) Keys.REDIS_URL ? RedisUrl.hidden(text) : text;
  }
}
