package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Redis is killed twenty times in the middle of many submits: whatever was acknowledged is there afterwards. Redis runs
 * as the embedded one does.
 */
class AcknowledgedSubmitsTrial {
  private static final int KILLS = Integer.getInteger("trial.kills", 20);
  private static final int BETWEEN_KILLS = 7_600;
  private static final int SENDERS = 48;
  /** So many that nobody has more than a few tasks. */
  private static final int USERS = 10_000;
  private static final int MOST_WAITING = 100;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int ASKED_AT_ONCE = 1_000;

  private final QueueFixture lab = new QueueFixture();
  private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
  private final Queue<TaskId> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private volatile boolean over;

  @AfterEach
  void close() {
    senders.shutdownNow();
    lab.close();
  }

  @Test
  void whatWasAcknowledgedOutlivesEveryKillOfRedis() throws InterruptedException {
    lab.redis.flush();
    done(lab.queue.configure(new QueueConfig(1, 1, MOST_WAITING, QueueFixture.LEASE, Duration.ofHours(1), List.of())));
    for (int sender = 0; sender < SENDERS; sender++) {
      senders.execute(this::sendAgainAndAgain);
    }

    for (int kill = 1; kill <= KILLS; kill++) {
      int enough = kill * BETWEEN_KILLS;
      Awaitility.await().atMost(5, TimeUnit.MINUTES).until(() -> answered.get() >= enough);
      lab.redis.kill();
      lab.redis.up();
    }
    over = true;
    senders.shutdown();
    assertThat(senders.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    Set<TaskId> lost = lost();
    System.out.printf("%d kills of Redis: %,d of %,d acknowledged submits lost, %,d without an answer%n", KILLS,
      lost.size(), acknowledged.size(), unanswered.get());
    assertThat(lost).isEmpty();
  }

  private void sendAgainAndAgain() {
    while (!over) {
      TaskId id = TaskId.random();
      String user = "a" + sent.incrementAndGet() % USERS;
      try {
        done(lab.queue.submit(new Submission(id, user, "a", false, "", "{\"prompt\":{}}", "")));
        acknowledged.add(id);
        answered.incrementAndGet();
      } catch (ApiException redisIsGone) {
        unanswered.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private Set<TaskId> lost() {
    Set<TaskId> missing = new HashSet<>(acknowledged);
    List<TaskId> all = List.copyOf(acknowledged);
    for (int from = 0; from < all.size(); from += ASKED_AT_ONCE) {
      done(lab.queue.statuses(all.subList(from, Math.min(from + ASKED_AT_ONCE, all.size()))))
        .forEach(status -> missing.remove(status.id()));
    }
    return missing;
  }
}
