package io.anteroom.edge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.admission.RateLimiter.Buckets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private final AtomicLong now = new AtomicLong();
  private final Buckets buckets = new Buckets(3, 2, now::get);

  @Test
  void soManyAtOnceAndThenSoManyInASecond() {
    assertThat(taken("ann", 5)).isEqualTo(3);

    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_500));
    assertThat(taken("ann", 5)).isEqualTo(3);

    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(600));
    assertThat(taken("ann", 5)).isEqualTo(1);

    now.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(taken("ann", 5)).isEqualTo(3);
  }

  @Test
  void oneThatHasRunWildCostsNobodyElseAnything() {
    taken("wild", 100);

    assertThat(taken("ann", 3)).isEqualTo(3);
    assertThat(taken("wild", 1)).isZero();
  }

  @Test
  void noNumberOfStrangersFillsTheMemory() {
    IntStream.range(0, 3 * Buckets.MAX_BUCKETS).forEach(number -> buckets.take("stranger " + number));

    assertThat(buckets.size()).isEqualTo(Buckets.MAX_BUCKETS);
  }

  @Test
  void whoComesAllTheTimeIsNotForgottenForStrangers() {
    taken("wild", 3);

    IntStream.range(0, 2 * Buckets.MAX_BUCKETS).forEach(number -> {
      buckets.take("stranger " + number);
      assertThat(buckets.take("wild")).isFalse();
    });
  }

  @Test
  void aBucketThatIsFullAgainIsDropped() {
    IntStream.range(0, 100).forEach(number -> buckets.take("stranger " + number));

    now.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(taken("ann", 1)).isEqualTo(1);

    assertThat(buckets.size()).isEqualTo(1);
  }

  private long taken(String who, int times) {
    return IntStream.range(0, times).filter(once -> buckets.take(who)).count();
  }
}
