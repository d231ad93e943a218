package io.anteroom.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.metrics.MetricsSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterMetricsTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T08:00:00Z");

  private final HandClock clock = new HandClock();
  private final ClusterMetrics sum = new ClusterMetrics(clock);

  @Test
  void countersAndGaugesAreAddedUp() {
    sum.add(node("a", 1, Map.of("queue_refused", 2L, "edge_sockets", 10L)));
    sum.add(node("b", 2, Map.of("queue_refused", 3L)));

    assertThat(sum.read().values())
      .containsEntry("queue_refused", 5L).containsEntry("edge_sockets", 10L).containsEntry("cluster_nodes", 2L);
  }

  @Test
  void whatAllReadFromTheStoreIsTakenFromTheNewest() {
    sum.add(node("a", 2, Map.of("queue_waiting", 7L)));
    sum.add(node("b", 1, Map.of("queue_waiting", 9L)));

    assertThat(sum.read().values()).containsEntry("queue_waiting", 7L);
  }

  @Test
  void highestLagCounts() {
    sum.add(node("a", 1, Map.of("event_loop_lag_ms", 40L)));
    sum.add(node("b", 2, Map.of("event_loop_lag_ms", 3L)));

    assertThat(sum.read().values()).containsEntry("event_loop_lag_ms", 40L);
  }

  @Test
  void laterFiguresOfANodeReplaceItsEarlierOnes() {
    sum.add(node("a", 1, Map.of("queue_refused", 2L)));
    sum.add(node("a", 2, Map.of("queue_refused", 3L)));

    assertThat(sum.read().values()).containsEntry("queue_refused", 3L).containsEntry("cluster_nodes", 1L);
  }

  @Test
  void silentNodeIsForgottenAndAnotherOneTells() {
    sum.add(node("a", 1, Map.of()));
    sum.add(node("b", 1, Map.of()));
    assertThat(sum.isFirst("a")).isTrue();
    assertThat(sum.isFirst("b")).isFalse();

    clock.now = BEGIN.plus(ClusterMetrics.GAUGE_LIFETIME).plusMillis(1);
    sum.add(node("b", 2, Map.of()));

    assertThat(sum.isFirst("b")).isTrue();
    assertThat(sum.read().values()).containsEntry("cluster_nodes", 1L);
  }

  @Test
  void anotherTellsAsSoonAsTheFirstHasMissedTwoTurns() {
    sum.add(node("a", 1, Map.of()));
    clock.now = BEGIN.plus(ClusterMetrics.PUBLISHED_WITHIN).plusMillis(1);
    sum.add(node("b", 2, Map.of()));

    assertThat(sum.isFirst("b")).isTrue();
  }

  @Test
  void whatADeadNodeHasCountedStaysCounted() {
    sum.add(node("a", 1, Map.of("queue_refused", 48L, "edge_sockets", 5L)));
    sum.add(node("b", 1, Map.of("queue_refused", 17L)));

    clock.now = BEGIN.plus(ClusterMetrics.GAUGE_LIFETIME).plusMillis(1);
    sum.add(node("b", 2, Map.of("queue_refused", 18L)));

    assertThat(sum.read().values()).containsEntry("queue_refused", 66L).doesNotContainKey("edge_sockets");
  }

  @Test
  void aNodeThatIsStartedAgainGoesOnCounting() {
    sum.add(node("a", 1, Map.of("queue_refused", 48L)));
    sum.add(node("a", 2, Map.of("queue_refused", 0L)));
    sum.add(node("a", 3, Map.of("queue_refused", 2L)));

    assertThat(sum.read().values()).containsEntry("queue_refused", 50L);
  }

  @Test
  void whoCameLateGoesOnFromTheSumThatItHeard() {
    sum.addSum(node("cluster", 1, Map.of("queue_refused", 50L)));
    sum.add(node("b", 1, Map.of("queue_refused", 3L)));
    sum.addSum(node("cluster", 1, Map.of("queue_refused", 51L, "queue_waiting", 9L)));
    sum.add(node("b", 2, Map.of("queue_refused", 4L)));

    assertThat(sum.read().values()).containsEntry("queue_refused", 52L).doesNotContainKey("queue_waiting");
  }

  @Test
  void nobodyTellsBeforeItHeardItself() {
    assertThat(sum.isFirst("a")).isFalse();
  }

  private static MetricsSnapshot node(String name, long at, Map<String, Long> values) {
    return new MetricsSnapshot(name, at, values);
  }

  /** A clock that is turned by hand. */
  private static final class HandClock extends Clock {
    private Instant now = BEGIN;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
