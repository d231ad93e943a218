package io.anteroom.queue.redis;

import static io.anteroom.queue.redis.Lab.refusal;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Configuration;
import io.anteroom.queue.Configuration.Room;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Receipt;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.Ending;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.redis.QueueModel.Task;
import io.anteroom.task.Refusal.Code;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** Does what people, nodes and instances may do, at random, to the queue and to the model alike. */
final class RandomLab {
  private static final List<String> USERS = List.of("ada", "amir", "anna", "bea", "bob", "cem");
  private static final List<String> INSTANCES = List.of("a1", "a2", "a3", "b1", "b2", "c1");

  final QueueModel model = new QueueModel();
  private final Lab lab;
  private final RedisTaskQueue queue;
  private final Random random;
  private final RandomWishes wishes;
  private final List<Claim> outdated = new ArrayList<>();
  private long lastFence;

  RandomLab(Lab lab, long seed) {
    this.lab = lab;
    this.queue = lab.queue;
    this.random = new Random(seed);
    this.wishes = new RandomWishes(queue, model, random, USERS);
    lab.redis.flush();
    configure();
  }

  /** One thing that happens; answers what. */
  String step() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      return submit();
    } else if (dice < 45) {
      return claim();
    } else if (dice < 60) {
      return finish();
    } else if (dice < 67) {
      return wishes.cancel();
    } else if (dice < 73) {
      return mark();
    } else if (dice < 76) {
      return configure();
    } else if (dice < 82) {
      return zombie();
    } else if (dice < 85) {
      return wishes.forget();
    }
    return anyRunning().map(this::touch).orElse("nothing runs");
  }

  private String touch(Task task) {
    return switch (random.nextInt(5)) {
      case 0, 1 -> requeue(task);
      case 2 -> adopt(task);
      case 3 -> reattempt(task);
      default -> renew(task);
    };
  }

  private String submit() {
    String user = any(USERS);
    boolean repeats = !model.tasks.isEmpty() && random.nextInt(8) == 0;
    TaskId id = repeats ? any(List.copyOf(model.tasks.keySet())) : newId();
    String owner = repeats && random.nextInt(4) > 0 ? model.tasks.get(id).user.name : user;
    String pool = random.nextInt(30) == 0 ? any(List.of("a", "b", "c", "nowhere")) : Lab.poolOf(owner);
    Submission submission = new Submission(id, owner, pool, random.nextInt(6) == 0, "tab", "body");

    String expected = model.submit(submission);

    if (expected.equals("taken") || expected.equals("full")) {
      assertThat(refusal(queue.submit(submission)).code())
        .isEqualTo(expected.equals("full") ? Code.TOO_MANY_WAITING : Code.PROMPT_ID_TAKEN);
    } else {
      Receipt receipt = done(queue.submit(submission));
      assertThat(receipt.repeated()).isEqualTo(expected.equals("repeated"));
      assertThat(receipt.startable()).isEqualTo(model.isStartable());
      assertThat(receipt.status().position()).isEqualTo(model.order().indexOf(model.tasks.get(id)) + 1);
    }
    return "submit " + submission + ": " + expected;
  }

  private String claim() {
    Optional<Task> expected = model.claim();
    started(expected, done(queue.claim("node")));
    return "claim: " + expected.map(task -> task.id);
  }

  private String finish() {
    Optional<Task> ends = anyRunning();
    if (ends.isEmpty()) {
      return "nothing to finish";
    }
    Task task = ends.get();
    boolean next = random.nextBoolean();
    TaskState state = any(List.of(TaskState.COMPLETED, TaskState.FAILED, TaskState.TIMED_OUT, TaskState.CANCELLED));
    model.end(task, state);
    started(next ? model.claim() : Optional.empty(),
      done(queue.finish(task.claim, new Outcome(state, Optional.empty(), "{}"), next)).next());
    outdated.add(task.claim);
    return "finish " + task.id + " next " + next;
  }

  /** Judges each start on its own, too: by what the model counts, not by what it chose. */
  private void started(Optional<Task> expected, Optional<Claim> claim) {
    assertThat(claim.map(Claim::id)).isEqualTo(expected.map(task -> task.id));
    if (claim.isEmpty()) {
      return;
    }
    Task task = expected.orElseThrow();
    isOwned(task, claim.get());
    assertThat(model.running().count()).isLessThanOrEqualTo(model.limit);
    assertThat(model.running(task.user).count()).isLessThanOrEqualTo(model.settings.userRunning());
    assertThat(model.runningOn(model.instances.get(task.instance)))
      .isLessThanOrEqualTo(model.instances.get(task.instance).slots);
  }

  private void isOwned(Task task, Claim claim) {
    assertThat(claim.instance()).isEqualTo(task.instance);
    assertThat(claim.attempt()).isEqualTo(task.attempts);
    assertThat(claim.fence()).isGreaterThan(lastFence);
    task.claim = claim;
    lastFence = claim.fence();
  }

  private String mark() {
    String instance = any(INSTANCES);
    InstanceState state =
      any(List.of(InstanceState.UP, InstanceState.IDLE, InstanceState.IDLE, InstanceState.DOWN, InstanceState.FENCED));
    model.mark(instance, state);
    done(queue.mark(instance, state, instance + " is out"));
    return "mark " + instance + " " + state;
  }

  private String configure() {
    List<Room> rooms = INSTANCES.stream().filter(name -> random.nextInt(8) > 0)
      .map(name -> new Room(name, random.nextInt(8) == 0 ? "c" : Lab.poolOf(name), 1 + random.nextInt(2))).toList();
    return configure(1 + random.nextInt(5), 1 + random.nextInt(2), rooms);
  }

  String configure(int limit, int userRunning, List<Room> rooms) {
    Configuration settings =
      new Configuration(limit, userRunning, 6, Duration.ofDays(1), Duration.ofDays(1), rooms);
    model.configure(settings);
    lab.configures(settings);
    return "configure " + settings;
  }

  /** An owner that lost its claim long ago writes all the same. */
  private String zombie() {
    if (outdated.isEmpty()) {
      return "no zombie";
    }
    Claim claim = any(outdated);
    assertThat(done(queue.intend(claim))).isFalse();
    assertThat(done(queue.accepted(claim))).isFalse();
    assertThat(done(queue.requeue(claim, ""))).isFalse();
    assertThat(done(queue.reattempt(claim))).isFalse();
    assertThat(done(queue.finish(claim, Outcome.of(TaskState.LOST, new TaskError("zombie", "")), false)))
      .isEqualTo(new Ending(false, Optional.empty()));
    assertThat(done(queue.renew(List.of(claim))).lost()).containsExactly(claim.id());
    done(queue.handOver(List.of(claim)));
    assertThat(done(queue.adopt("zombie", 10))).isEmpty();
    return "zombie " + claim.id();
  }

  private String requeue(Task task) {
    model.requeue(task);
    assertThat(done(queue.requeue(task.claim, "refused"))).isTrue();
    outdated.add(task.claim);
    return "requeue " + task.id;
  }

  private String adopt(Task task) {
    done(queue.handOver(List.of(task.claim)));
    List<Claim> adopted = done(queue.adopt("other", 10));
    assertThat(adopted).extracting(Claim::id).containsExactly(task.id);
    outdated.add(task.claim);
    isOwned(task, adopted.get(0));
    return "adopt " + task.id;
  }

  private String reattempt(Task task) {
    done(queue.reattempt(task.claim));
    assertThat(done(queue.reattempt(task.claim))).isTrue();
    task.attempts = Math.max(task.attempts, task.claim.attempt() + 1);
    return "reattempt " + task.id;
  }

  private String renew(Task task) {
    assertThat(done(queue.intend(task.claim))).isTrue();
    assertThat(done(queue.accepted(task.claim))).isTrue();
    assertThat(done(queue.renew(List.of(task.claim))).cancelled()).isEqualTo(
      Stream.of(task).filter(one -> one.cancelled).map(one -> one.id).toList());
    return "renew " + task.id;
  }

  private Optional<Task> anyRunning() {
    List<Task> running = model.running().toList();
    return running.isEmpty() ? Optional.empty() : Optional.of(any(running));
  }

  private TaskId newId() {
    return new TaskId(new UUID(random.nextLong(), random.nextLong()).toString());
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
