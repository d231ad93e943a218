package io.anteroom.redis.model;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Room;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Does what people, nodes and instances may do, at random, to the queue and to the model alike; loses answers. */
final class RandomCommands {
  private static final List<String> USERS = List.of("ada", "amir", "anna", "bea", "bob", "cem");
  private static final List<String> INSTANCES = List.of("a1", "a2", "a3", "b1", "b2", "c1");

  final QueueModel model = new QueueModel();
  private final QueueFixture lab;
  private final RedisTaskQueue queue;
  private final Random random;
  private final RandomPanelActions wishes;
  private final RandomOwners owners;
  private final LostReplies answers;

  RandomCommands(QueueFixture lab, long seed) {
    this.lab = lab;
    this.queue = lab.queue;
    this.random = new Random(seed);
    this.answers = new LostReplies(random);
    this.wishes = new RandomPanelActions(queue, model, random, USERS, answers);
    this.owners = new RandomOwners(lab, model, random, answers);
    lab.redis.flush();
    configure();
  }

  /** One thing that happens; answers what. */
  String step() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      return submit();
    } else if (dice < 45) {
      return owners.claim();
    } else if (dice < 58) {
      return owners.finish();
    } else if (dice < 65) {
      return wishes.cancel();
    } else if (dice < 71) {
      return setInstanceState();
    } else if (dice < 74) {
      return configure();
    } else if (dice < 79) {
      return owners.zombie();
    } else if (dice < 82) {
      return wishes.forget();
    } else if (dice < 87) {
      return owners.recoverClaims();
    }
    return owners.touch();
  }

  private String submit() {
    String user = any(USERS);
    boolean repeats = !model.tasks.isEmpty() && random.nextInt(8) == 0;
    TaskId id = repeats ? any(List.copyOf(model.tasks.keySet())) : newId();
    String owner = repeats && random.nextInt(4) > 0 ? model.tasks.get(id).user.name : user;
    String pool = random.nextInt(30) == 0 ? any(List.of("a", "b", "c", "nowhere")) : QueueFixture.poolOf(owner);
    Submission submission = new Submission(id, owner, pool, random.nextInt(6) == 0, "tab", "body", "");

    String expected = model.submit(submission);

    if (expected.equals("taken") || expected.equals("full")) {
      assertThat(refusal(queue.submit(submission)).code())
        .isEqualTo(expected.equals("full") ? Code.TOO_MANY_WAITING : Code.PROMPT_ID_TAKEN);
    } else {
      Receipt receipt = done(queue.submit(submission));
      assertThat(receipt.repeated()).isEqualTo(expected.equals("repeated"));
      if (answers.isLost()) {
        receipt = done(queue.submit(submission));
        assertThat(receipt.repeated()).isTrue();
      }
      assertThat(receipt.startable()).isEqualTo(model.isStartable());
      assertThat(receipt.status().position()).isEqualTo(model.order().indexOf(model.tasks.get(id)) + 1);
    }
    return "submit " + submission + ": " + expected;
  }

  private String setInstanceState() {
    String instance = any(INSTANCES);
    InstanceState state =
      any(List.of(InstanceState.UP, InstanceState.IDLE, InstanceState.IDLE, InstanceState.DOWN, InstanceState.FENCED));
    model.setInstanceState(instance, state);
    done(answers.of(() -> queue.setInstanceState(instance, state, instance + " is out")));
    return "set state of " + instance + " " + state;
  }

  private String configure() {
    List<Room> rooms = INSTANCES.stream().filter(name -> random.nextInt(8) > 0)
      .map(name -> new Room(name, random.nextInt(8) == 0 ? "c" : QueueFixture.poolOf(name), 1 + random.nextInt(2)))
      .toList();
    return configure(1 + random.nextInt(5), 1 + random.nextInt(2), rooms);
  }

  String configure(int limit, int userRunning, List<Room> rooms) {
    QueueConfig settings =
      new QueueConfig(limit, userRunning, 6, Duration.ofDays(1), Duration.ofDays(1), rooms);
    model.configure(settings);
    done(answers.of(() -> queue.configure(settings)));
    lab.redis.isRecovered(queue);
    return "configure " + settings;
  }

  int answersLost() {
    return answers.count();
  }

  private TaskId newId() {
    return new TaskId(new UUID(random.nextLong(), random.nextLong()).toString());
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
