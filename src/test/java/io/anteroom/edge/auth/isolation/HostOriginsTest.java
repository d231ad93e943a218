package io.anteroom.edge.auth.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of students' doors. */
class HostOriginsTest {
  @ParameterizedTest
  @ValueSource(strings = {"alice", "a", "7b-anna", "x1"})
  void whoseNameCanStandInAHostNameHasIt(String user) {
    assertThat(HostOrigins.label(user)).isEqualTo(user);
  }

  @ParameterizedTest
  @ValueSource(strings = {"张三", "Alice", "a.b", "a_b", "a@b.example", "alice-", "xn--alice", "x-1", "ab--c",
    "a23456789012345678901234567890123456789012345"})
  void otherNamesBecomeOnesThatCan(String user) {
    assertThat(HostOrigins.label(user)).matches("x-[0-9a-f]{30}");
  }

  @Test
  void noTwoHaveTheSame() {
    String hashed = HostOrigins.label("Alice");

    assertThat(Stream.of("alice", "Alice", "ALICE", "a.lice", hashed).map(HostOrigins::label)).doesNotHaveDuplicates();
  }
}
