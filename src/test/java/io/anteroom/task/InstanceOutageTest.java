package io.anteroom.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.task.InstanceOutage.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceOutageTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER")
  void eachIsReadAsItWasStoredAndWordedInBothLanguagesWithTheSameNames(Kind kind) {
    InstanceOutage outage = new InstanceOutage(kind, "gpu-01", "500", Optional.of(NOW.minusSeconds(20)),
      Optional.empty());

    assertThat(InstanceOutage.parse(outage.stored())).contains(outage);
    assertThat(outage.chinese(NOW)).isNotEqualTo(outage.english(NOW)).contains("gpu-01").doesNotContain("{");
    assertThat(outage.english(NOW)).contains("gpu-01").doesNotContain("{");
    assertThat(outage.chinese(NOW).contains("500")).isEqualTo(outage.english(NOW).contains("500"));
    assertThat(outage.chinese(NOW).contains("20 秒")).isEqualTo(outage.english(NOW).contains("20 s"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "19500, 20 s", "119000, 119 s", "120000, 2 min", "3541000, 60 min", "-3000, 0 s"})
  void timesAreSpans(long millis, String span) {
    InstanceOutage trial = new InstanceOutage(Kind.TRIAL, "gpu-01", "", Optional.of(NOW.minusMillis(millis)),
      Optional.empty());

    assertThat(trial.english(NOW)).isEqualTo("the instance gpu-01 is back since %s, on trial with one task at a time"
      .formatted(span));
  }

  @Test
  void whoIsPausedSaysUntilWhen() {
    InstanceOutage ill = new InstanceOutage(Kind.FAILING, "gpu-01", "500", Optional.of(NOW),
      Optional.of(NOW.plusSeconds(40)));

    assertThat(ill.english(NOW)).isEqualTo("the instance gpu-01 answers with errors (500); next try in 40 s");
    assertThat(ill.chinese(NOW)).isEqualTo("实例 gpu-01 返回错误（500）；40 秒后再试");
    assertThat(ill.english(NOW.plusSeconds(50))).endsWith("next try in 0 s");
  }

  @Test
  void aDetailMayHoldAnything() {
    InstanceOutage outage = InstanceOutage.of(Kind.FAILING, "gpu-01", "a|b|{since}|");

    assertThat(InstanceOutage.parse(outage.stored())).contains(outage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"it rains", "the instance gpu-01 does not answer", "silent|gpu-01", "strange|a|1|2|b", "||||",
    "other|a|||b"})
  void aSentenceOfAnOlderAnteroomStaysAsItIs(String stored) {
    InstanceOutage outage = InstanceOutage.parse(stored).orElseThrow();

    assertThat(outage.kind()).isEqualTo(Kind.OTHER);
    assertThat(Stream.of(outage.stored(), outage.english(NOW), outage.chinese(NOW))).containsOnly(stored);
  }

  @Test
  void nothingIsNoOutage() {
    assertThat(InstanceOutage.parse("")).isEmpty();
  }
}
