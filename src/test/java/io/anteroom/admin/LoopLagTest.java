package io.anteroom.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.admin.NodeMetrics.LoopLag;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLagTest {
  private final LoopLag lag = new LoopLag();
  private long now = System.nanoTime();

  @Test
  void latestTimerOfASecondCountsForThatSecondOnly() {
    second(0);
    second(250);
    assertThat(lag.millis()).isBetween(240L, 260L);

    second(0);
    assertThat(lag.millis()).isLessThan(10);
  }

  /** Ten ticks, one of them late. */
  private void second(long lateMillis) {
    for (int tick = 0; tick < 10; tick++) {
      now += TimeUnit.MILLISECONDS.toNanos(100 + (tick == 4 ? lateMillis : 0));
      lag.record(now);
    }
  }
}
