package io.anteroom.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the text of a setting becomes its value.
 *
 * @param expected describes the accepted texts, for error messages
 * @param reader   empty for an invalid text
 */
public record OptionType<T>(String expected, Function<String, Optional<T>> reader) {

  public Optional<T> read(String text) {
    return reader.apply(text.strip());
  }

  /** The same, but only for values that pass. */
  OptionType<T> only(String nowExpected, Predicate<T> passes) {
    return new OptionType<>(nowExpected, text -> reader.apply(text).filter(passes));
  }

  /** The same, and an empty text for no value. */
  OptionType<Optional<T>> orNothing() {
    return new OptionType<>(expected + ", or nothing",
      text -> text.isEmpty() ? Optional.of(Optional.empty()) : reader.apply(text).map(Optional::of));
  }
}
