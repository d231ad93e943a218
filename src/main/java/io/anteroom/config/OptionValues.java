package io.anteroom.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the given texts as values. Collects all errors instead of stopping at the first. */
final class OptionValues {
  private final Map<String, Given> given;
  private final List<String> complaints = new ArrayList<>();
  private final Set<ConfigOption<?>> wrong = new HashSet<>();

  OptionValues(Map<String, Given> given) {
    this.given = Map.copyOf(given);
  }

  /** The value in force; the default in place of an invalid one, which is recorded as an error. */
  <T> T get(ConfigOption<T> setting) {
    T defaultValue = setting.type().read(setting.defaultText()).orElseThrow();
    Given text = given.get(setting.key());
    if (text == null) {
      return defaultValue;
    }
    OptionType<T> type = text.byStudyName() ? setting.study().orElseThrow().type() : setting.type();
    Optional<T> value = type.read(text.text());
    if (value.isEmpty()) {
      complain(setting, "expected " + type.expected());
    }
    return value.orElse(defaultValue);
  }

  /** Records what is wrong with a setting; only the first error of each setting counts. */
  void complain(ConfigOption<?> setting, String problem) {
    if (wrong.add(setting)) {
      String value = shown(setting).isEmpty() ? "no value" : "invalid value '%s'".formatted(shown(setting));
      complaints.add("%s: %s (%s): %s".formatted(setting.key(), value, source(setting), problem));
    }
  }

  /** Whether these are all valid, so that a check of them together makes sense. */
  boolean areSound(ConfigOption<?>... settings) {
    return Set.of(settings).stream().noneMatch(wrong::contains);
  }

  List<String> complaints() {
    return complaints;
  }

  /** The text in force, with secrets hidden. */
  String shown(ConfigOption<?> setting) {
    return setting.shown(Optional.ofNullable(given.get(setting.key())).map(Given::text).orElse(setting.defaultText()));
  }

  String source(ConfigOption<?> setting) {
    return Optional.ofNullable(given.get(setting.key())).map(Given::source).orElse("default");
  }

  /**
   * A text that was given for a setting.
   *
   * @param source      where, in words: a line of the file or a variable
   * @param byStudyName written as the feasibility study writes it
   */
  record Given(String text, String source, boolean byStudyName) {
  }
}
