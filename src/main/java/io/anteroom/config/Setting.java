package io.anteroom.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that can be set.
 *
 * @param standard the text of its default; empty for none
 * @param study    the name that the feasibility study gave it, when it did
 */
record Setting<T>(String key, String standard, Kind<T> kind, Optional<StudyName<T>> study) {

  /** A variable of the study, whose text may be written otherwise than in the file. */
  record StudyName<T>(String variable, Kind<T> kind) {
  }

  static <T> Setting<T> of(String key, String standard, Kind<T> kind) {
    return new Setting<>(key, standard, kind, Optional.empty());
  }

  Setting<T> alsoSetBy(String variable, Kind<T> written) {
    return new Setting<>(key, standard, kind, Optional.of(new StudyName<>(variable, written)));
  }

  /** {@code http.port} is {@code ANTEROOM_HTTP_PORT}. */
  String variable() {
    return "ANTEROOM_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** How its text may be shown. */
  String shown(String text) {
    if (this == (Setting<?>) Keys.INSTANCE_GUARD_SECRET) {
      return text.isEmpty() ? text : "***";
    }
    return this == (Setting<?>) Keys.REDIS_URL ? RedisUrl.hidden(text) : text;
  }
}
