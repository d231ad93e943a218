package io.anteroom.redis.model;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.redis.model.QueueModel.Task;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskState;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What people wish of tasks that are there, now and then of somebody else's. */
final class RandomPanelActions {
  private final RedisTaskQueue queue;
  private final QueueModel model;
  private final Random random;
  private final List<String> users;
  private final LostReplies answers;

  RandomPanelActions(RedisTaskQueue queue, QueueModel model, Random random, List<String> users, LostReplies answers) {
    this.queue = queue;
    this.model = model;
    this.random = random;
    this.users = users;
    this.answers = answers;
  }

  /** Cancels any task, or takes it out of the queue if it waits. */
  String cancel() {
    return anyTask().map(task -> cancel(task, byWhom(task))).orElse("nothing to cancel");
  }

  /** Somebody else's wish, and one for a task that has not ended, changes nothing. */
  String forget() {
    return anyTask().map(task -> forget(task, byWhom(task))).orElse("nothing to forget");
  }

  private String cancel(Task task, String user) {
    boolean waitingOnly = random.nextBoolean();
    if (!task.user.name.equals(user)) {
      assertThat(refusal(queue.cancel(task.id, user)).code()).isEqualTo(Code.UNKNOWN_TASK);
      assertThat(refusal(queue.withdraw(task.id, user)).code()).isEqualTo(Code.UNKNOWN_TASK);
    } else if (task.state.isFinal() && task.state != TaskState.CANCELLED) {
      assertThat(refusal(queue.cancel(task.id, user)).code()).isEqualTo(Code.ALREADY_ENDED);
      assertThat(refusal(queue.withdraw(task.id, user)).code()).isEqualTo(Code.ALREADY_ENDED);
    } else {
      if (task.state == TaskState.QUEUED || task.state == TaskState.PROCESSING && !waitingOnly) {
        model.cancel(task);
      }
      assertThat(done(answers.of(() -> waitingOnly ? queue.withdraw(task.id, user) : queue.cancel(task.id, user)))
        .task().state()).isEqualTo(task.state);
    }
    return "cancel " + task.id + " by " + user + (waitingOnly ? " if it waits" : "");
  }

  private String forget(Task task, String user) {
    if (task.user.name.equals(user)) {
      model.forget(task);
    }
    done(answers.of(() -> queue.forget(user, List.of(task.id))));
    return "forget " + task.id + " by " + user;
  }

  private Optional<Task> anyTask() {
    return model.tasks.isEmpty() ? Optional.empty() : Optional.of(any(List.copyOf(model.tasks.values())));
  }

  private String byWhom(Task task) {
    return random.nextInt(10) == 0 ? any(users) : task.user.name;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
