package io.anteroom.redis.model;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Room;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.model.QueueModel.Task;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the queue against a plain model over random commands of which one in eight is made twice, since its answer was
 * lost; what each command answers is judged at once, all that the queue holds after every few.
 *
 * <p>{@code -Dmodel.seed=} repeats a run, {@code -Dmodel.steps=} makes it longer.
 */
class QueueModelIT {
  private static final Logger log = LoggerFactory.getLogger(QueueModelIT.class);
  private static final int STEPS = Integer.getInteger("model.steps", 50_000);
  private static final int STEPS_OF_A_LAB = 300;
  private static final int STEPS_BETWEEN_LOOKS = 4;
  private static final long SEED = Long.getLong("model.seed", System.nanoTime());
  private static final List<Room> ALL_ROOMS = List.of(room("a1", 1), room("b1", 1), room("c1", 1),
    new Room("n1", "nowhere", 1));

  private static QueueFixture lab;

  @BeforeAll
  static void open() {
    lab = new QueueFixture();
    // What is on disk is tried elsewhere; here the steps count.
    lab.redis.ask("CONFIG", "SET", "appendfsync", "no");
  }

  @AfterAll
  static void close() {
    lab.close();
  }

  @Test
  void whateverHappensTheQueueHoldsWhatTheModelSays() {
    int starts = 0;
    int lost = 0;
    for (int done = 0; done < STEPS; done += STEPS_OF_A_LAB) {
      long seed = SEED + done;
      RandomCommands random = new RandomCommands(lab, seed);
      List<String> history = new ArrayList<>();
      for (int step = 0; step < STEPS_OF_A_LAB; step++) {
        try {
          history.add(random.step());
          if (step % STEPS_BETWEEN_LOOKS == 0) {
            compare(random.model);
          }
        } catch (AssertionError failure) {
          throw new AssertionError("-Dmodel.seed=%d, step %d, after %s".formatted(seed, step, last(history)), failure);
        }
      }
      starts += drain(random, seed);
      lost += random.answersLost();
    }
    log.info("Queue and model agree: seed={} steps={} answers_lost={} started_in_the_promised_order={}", SEED, STEPS,
      lost, starts);
    assertThat(starts).isPositive();
  }

  @Test
  void usersWhoAlwaysHaveWorkDifferByOneStartAtMost() {
    int users = 12;
    List<Room> rooms = IntStream.range(0, users).mapToObj(user -> new Room("i" + user, "p" + user, 1)).toList();
    lab.redis.flush();
    lab.configures(new QueueConfig(3, 1, 60, QueueFixture.LEASE, Duration.ofHours(1), rooms));
    for (int task = 0; task < 60 * users; task++) {
      int user = task / 60;
      done(lab.queue.submit(new Submission(TaskId.random(), "u" + user, "p" + user, false, "", "{}", "")));
    }
    Random random = new Random(SEED);
    List<Claim> running = new ArrayList<>(lab.claimsAll());
    Map<String, Integer> starts = new TreeMap<>();
    IntStream.range(0, users).forEach(user -> starts.put("u" + user, 0));
    running.forEach(claim -> starts.merge(claim.user(), 1, Integer::sum));

    for (int end = 0; end < 600; end++) {
      // The oldest every third time: whoever runs longer than a round of all users has missed his turn.
      int ends = end % 3 == 0 ? 0 : random.nextInt(running.size());
      Claim next = lab.completes(running.remove(ends)).orElseThrow();
      running.add(next);
      starts.merge(next.user(), 1, Integer::sum);

      List<Integer> idle = starts.entrySet().stream()
        .filter(user -> running.stream().noneMatch(claim -> claim.user().equals(user.getKey())))
        .map(Map.Entry::getValue).sorted().toList();
      assertThat(idle.get(idle.size() - 1) - idle.get(0)).as("seed %d: %s", SEED, starts).isLessThanOrEqualTo(1);
    }
  }

  /** Everybody who is not done, and the latest who are. */
  private static void compare(QueueModel model) {
    List<Task> live = model.tasks.values().stream().filter(task -> !task.state.isFinal()).toList();
    List<Task> ended = model.tasks.values().stream().filter(task -> task.state.isFinal()).toList();
    List<Task> all = new ArrayList<>(live);
    all.addAll(ended.subList(Math.max(0, ended.size() - 10), ended.size()));
    assertThat(QueueSnapshot.of(lab.redis, model, all)).isEqualTo(QueueSnapshot.of(model, all));
    assertThat(model.order()).allMatch(task -> task.tag >= model.time, "no counted task stands before the time");
  }

  /** Nothing arrives any more and every instance is free at its turn: then the order is exactly the promised one. */
  private static int drain(RandomCommands random, long seed) {
    QueueModel model = random.model;
    random.configure(1, 1, ALL_ROOMS);
    for (Room room : ALL_ROOMS) {
      model.setInstanceState(room.instance(), InstanceState.IDLE);
      done(lab.queue.setInstanceState(room.instance(), InstanceState.IDLE, ""));
    }
    for (Task task : model.running().toList()) {
      model.end(task, TaskState.COMPLETED);
      done(lab.queue.finish(task.claim, Outcome.completed("{}"), false));
    }
    compare(model);
    List<TaskId> promised = model.order().stream().map(task -> task.id).toList();
    List<TaskId> started = new ArrayList<>();
    for (Optional<Claim> next = lab.claims(); next.isPresent(); next = lab.completes(next.get())) {
      started.add(next.get().id());
    }
    assertThat(started).as("-Dmodel.seed=%d, the order of the drain", seed).isEqualTo(promised);
    assertThat(done(lab.queue.stats())).extracting("processing", "waiting", "blocked", "users")
      .containsExactly(0, 0, 0, 0);
    return started.size();
  }

  private static List<String> last(List<String> history) {
    return history.subList(Math.max(0, history.size() - 5), history.size());
  }
}
