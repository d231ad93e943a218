package io.anteroom.config.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebounceTest {
  private final Debounce<String> changes = new Debounce<>("a");

  /** Each letter is what a poll sees, each digit below it whether that counts as a change. */
  @ParameterizedTest
  @CsvSource({
    "aaa,    000",
    "bbb,    010",
    "bcc,    001",
    "baa,    000",
    "bbaa,   0101",
    "bcbc,   0000"})
  void aValueCountsOnceItIsSeenTwiceInARow(String polls, String counts) {
    assertThat(Stream.of(polls.split("")).map(seen -> changes.poll(seen) ? "1" : "0").reduce("", String::concat))
      .isEqualTo(counts);
  }

  @Test
  void whatCountedIsNoChangeAgain() {
    changes.poll("b");
    changes.poll("b");

    assertThat(changes.poll("b")).isFalse();
  }
}
