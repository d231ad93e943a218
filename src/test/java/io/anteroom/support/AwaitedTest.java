package io.anteroom.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who waits is told of the end alone, not of what failed on the way to it. */
class AwaitedTest {
  @Test
  void whatCannotBeAskedYetIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();

    Awaited.untilAsserted(() -> {
      if (asked.incrementAndGet() == 1) {
        throw new IOException("the connection was closed");
      }
    });

    assertThat(asked).hasValue(2);
  }
}
