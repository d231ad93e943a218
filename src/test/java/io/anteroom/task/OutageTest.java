package io.anteroom.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutageTest {
  @ParameterizedTest
  @EnumSource(Outage.class)
  void eachSentenceHasItsChineseOneWithTheSameNames(Outage outage) {
    String english = outage.of("gpu-01 (left)", "500");

    String chinese = Outage.chinese(english);

    assertThat(chinese).isNotEqualTo(english).contains("gpu-01 (left)");
    assertThat(chinese.contains("500")).isEqualTo(english.contains("500"));
  }

  @Test
  void anyOtherSentenceStaysAsItIs() {
    assertThat(Stream.of("", "it rains").map(Outage::chinese)).containsExactly("", "it rains");
  }
}
