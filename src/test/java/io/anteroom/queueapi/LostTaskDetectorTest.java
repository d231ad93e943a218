package io.anteroom.queueapi;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Tasks.lab;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.task.TaskId;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked of a store that came back: all that was acknowledged lately, and no more than that. */
class LostTaskDetectorTest {
  private static final int MOST = 5;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryTaskQueue store = new MemoryTaskQueue(vertx, lab(1, "alice"), Clock.systemUTC());
  private final MetricsRegistry tally = new MetricsRegistry();
  private final LostTaskDetector acknowledged = new LostTaskDetector(store, new Bus(vertx), tally, MOST);

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void aStoreThatCameBackIsAskedOnceForWhatItHadAcknowledged() {
    done(acknowledged.poll());
    TaskId id = TaskId.random();
    acknowledged.add(id, "alice");
    done(acknowledged.poll());
    assertThat(store.mourned()).isEmpty();

    store.comesBack(Optional.of("second"));
    done(acknowledged.poll());
    done(acknowledged.poll());

    assertThat(store.mourned()).containsExactly(Map.of(id, "alice"));
    assertThat(tally.read()).containsEntry("queue_lost", 1L);
  }

  @Test
  void nothingIsAskedBeforeTheRecoveryIsOver() {
    acknowledged.add(TaskId.random(), "alice");
    store.comesBack(Optional.empty());

    done(acknowledged.poll());

    assertThat(store.mourned()).isEmpty();
  }

  @Test
  void onlySoManyAreRemembered() {
    done(acknowledged.poll());
    TaskId oldest = TaskId.random();
    acknowledged.add(oldest, "alice");
    for (int more = 0; more < MOST; more++) {
      acknowledged.add(TaskId.random(), "bob");
    }
    store.comesBack(Optional.of("second"));

    done(acknowledged.poll());

    assertThat(store.mourned()).singleElement()
      .satisfies(all -> assertThat(all).hasSize(MOST).doesNotContainKey(oldest));
  }

  @Test
  void whatItsUserForgotIsNotAskedFor() {
    done(acknowledged.poll());
    TaskId id = TaskId.random();
    acknowledged.add(id, "alice");
    acknowledged.forget(List.of(id));
    store.comesBack(Optional.of("second"));

    done(acknowledged.poll());

    assertThat(store.mourned()).isEmpty();
  }
}
