package io.anteroom.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was given for each setting, read as values; notes what is wrong and goes on, so that all is told at once. */
final class OptionValues {
  private final Map<String, Given> given;
  private final List<String> complaints = new ArrayList<>();
  private final Set<ConfigOption<?>> wrong = new HashSet<>();

  OptionValues(Map<String, Given> given) {
    this.given = Map.copyOf(given);
  }

  /** The value in force; the default in place of a wrong one, which is complained of. */
  <T> T get(ConfigOption<T> setting) {
    T standard = setting.kind().read(setting.standard()).orElseThrow();
    Given text = given.get(setting.key());
    if (text == null) {
      return standard;
    }
    OptionType<T> kind = text.byStudyName() ? setting.study().orElseThrow().kind() : setting.kind();
    Optional<T> value = kind.read(text.text());
    if (value.isEmpty()) {
      complain(setting, "right would be " + kind.right());
    }
    return value.orElse(standard);
  }

  /** Notes that a setting is wrong, and says what would be right. */
  void complain(ConfigOption<?> setting, String right) {
    if (wrong.add(setting)) {
      complaints.add("%s is '%s' (%s); %s".formatted(setting.key(), shown(setting), source(setting), right));
    }
  }

  /** Whether nothing was wrong with these, so that a check of them together makes sense. */
  boolean areSound(ConfigOption<?>... settings) {
    return Set.of(settings).stream().noneMatch(wrong::contains);
  }

  List<String> complaints() {
    return complaints;
  }

  /** The text in force as it may be shown. */
  String shown(ConfigOption<?> setting) {
    return setting.shown(Optional.ofNullable(given.get(setting.key())).map(Given::text).orElse(setting.standard()));
  }

  String source(ConfigOption<?> setting) {
    return Optional.ofNullable(given.get(setting.key())).map(Given::source).orElse("default");
  }

  /**
   * A text that somebody gave for a setting.
   *
   * @param source      where, in words: a line of the file or a variable
   * @param byStudyName written as the feasibility study writes it
   */
  record Given(String text, String source, boolean byStudyName) {
  }
}
