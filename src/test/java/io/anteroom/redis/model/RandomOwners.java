package io.anteroom.redis.model;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.InstanceFault.Kind;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.TaskQueue.AfterFault;
import io.anteroom.queue.TaskQueue.Ending;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.Retry;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.RedisKeys;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.redis.model.QueueModel.Task;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What three nodes do, at random: they claim, run, end, adopt and hand over tasks, die, and write long after others
 * took over. Every call may take effect and lose its answer; then it is repeated, and a claim of which nobody heard is
 * asked for.
 */
final class RandomOwners {
  private static final List<String> OWNERS = List.of("one.1", "two.1", "three.1");
  private static final InstanceFault UNREACHABLE = new InstanceFault(Kind.UNREACHABLE, "no connection");
  private static final int MAX_ATTEMPTS = 3;
  private static final List<TaskState> ENDS =
    List.of(TaskState.COMPLETED, TaskState.FAILED, TaskState.TIMED_OUT, TaskState.CANCELLED);

  private final QueueFixture lab;
  private final RedisTaskQueue queue;
  private final QueueModel model;
  private final Random random;
  private final LostReplies answers;
  private final List<Claim> outdated = new ArrayList<>();
  private long lastFence;

  RandomOwners(QueueFixture lab, QueueModel model, Random random, LostReplies answers) {
    this.lab = lab;
    this.queue = lab.queue;
    this.model = model;
    this.random = random;
    this.answers = answers;
  }

  String claim() {
    String owner = any(OWNERS);
    Optional<Task> expected = model.claim();
    started(owner, expected, done(queue.claim(owner)));
    boolean lost = answers.isLost();
    expected.ifPresent(task -> task.unheard = lost);
    return owner + " claims " + expected.map(task -> task.id) + (lost ? ", but does not hear of it" : "");
  }

  /** An owner asks for what it never heard of. */
  String recoverClaims() {
    String owner = any(OWNERS);
    List<TaskId> watched = of(owner).filter(task -> !task.unheard).map(task -> task.id).toList();
    List<Task> unheard = of(owner).filter(task -> task.unheard).toList();
    List<Claim> told = done(queue.recoverClaims(owner, watched));
    assertThat(told).extracting(Claim::id).containsExactlyInAnyOrderElementsOf(ids(unheard));
    takenOver(owner, told);
    return owner + " asks for its own: " + ids(unheard);
  }

  String finish() {
    return anyWatched().map(this::finish).orElse("nothing to finish");
  }

  private String finish(Task task) {
    boolean next = random.nextBoolean();
    Outcome outcome = new Outcome(any(ENDS), Optional.empty(), "{}", false);
    model.end(task, outcome.state());
    outdated.add(task.claim);
    boolean lost = answers.isLost();
    finish(task, outcome, next).ifPresent(follower -> follower.unheard = lost);
    if (lost) {
      finish(task, outcome, next);
    }
    return "finish " + task.id + (next ? ", then the next" : "") + (lost ? ", twice" : "");
  }

  /** A repeated call ends nothing more, but takes one more. */
  private Optional<Task> finish(Task task, Outcome outcome, boolean next) {
    Optional<Task> expected = next ? model.claim() : Optional.empty();
    Ending ending = done(queue.finish(task.claim, outcome, next));
    assertThat(ending.stands()).isTrue();
    started(task.owner, expected, ending.next());
    return expected;
  }

  /** Judges each start on its own, too: by what the model counts, not by what it chose. */
  private void started(String owner, Optional<Task> expected, Optional<Claim> claim) {
    assertThat(claim.map(Claim::id)).isEqualTo(expected.map(task -> task.id));
    if (claim.isEmpty()) {
      return;
    }
    Task task = expected.orElseThrow();
    isOwned(task, owner, claim.get());
    assertThat(model.running().count()).isLessThanOrEqualTo(model.limit);
    assertThat(model.running(task.user).count()).isLessThanOrEqualTo(model.settings.userRunning());
    assertThat(model.runningOn(model.instances.get(task.instance)))
      .isLessThanOrEqualTo(model.instances.get(task.instance).slots);
  }

  private void isOwned(Task task, String owner, Claim claim) {
    assertThat(claim.instance()).isEqualTo(task.instance);
    assertThat(claim.attempt()).isEqualTo(task.attempts);
    assertThat(claim.cancelled()).isEqualTo(task.cancelled);
    assertThat(claim.fence()).isGreaterThan(lastFence);
    task.claim = claim;
    task.owner = owner;
    task.unheard = false;
    lastFence = claim.fence();
  }

  /** An owner that lost its claim long ago writes all the same. */
  String zombie() {
    if (outdated.isEmpty()) {
      return "no zombie";
    }
    Claim claim = any(outdated);
    assertThat(done(queue.beginSubmit(claim))).isFalse();
    assertThat(done(queue.markAccepted(claim))).isFalse();
    assertThat(done(queue.fault(claim, UNREACHABLE, MAX_ATTEMPTS))).isEqualTo(AfterFault.WAITS);
    assertThat(done(queue.reattempt(claim, "lost"))).isEqualTo(Retry.NOT_OURS);
    assertThat(done(queue.finish(claim, Outcome.of(TaskState.LOST, new TaskError("zombie", "")), false)))
      .isEqualTo(new Ending(false, false, Optional.empty()));
    assertThat(done(queue.renew(List.of(claim))).lost()).containsExactly(claim.id());
    done(queue.handOver(List.of(claim)));
    assertThat(done(queue.adopt("zombie", 10))).isEmpty();
    return "zombie " + claim.id();
  }

  /** Something that an owner does to one of its tasks. */
  String touch() {
    return anyWatched().map(this::touch).orElse("nothing runs");
  }

  private String touch(Task task) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> requeue(task);
      case 2 -> handOver(task);
      case 3 -> reattempt(task);
      case 4 -> departure(task.owner);
      default -> renew(task);
    };
  }

  /** Its instance could not be reached, and is out for it; mostly it answers again at once. */
  private String requeue(Task task) {
    String instance = task.instance;
    model.setInstanceState(instance, InstanceState.DOWN);
    model.requeue(task);
    assertThat(done(answers.of(() -> queue.fault(task.claim, UNREACHABLE, MAX_ATTEMPTS)))).isEqualTo(AfterFault.WAITS);
    outdated.add(task.claim);
    boolean isBack = random.nextInt(4) > 0;
    if (isBack) {
      model.setInstanceState(instance, InstanceState.UP);
      done(queue.setInstanceState(instance, InstanceState.UP, ""));
    }
    return "requeue " + task.id + (isBack ? "" : ", " + instance + " is out");
  }

  private String handOver(Task task) {
    done(answers.of(() -> queue.handOver(List.of(task.claim))));
    adopt(List.of(task), any(OWNERS));
    return "hand over " + task.id;
  }

  /** An owner is gone, or is believed to be: whatever was its own is somebody else's, heard of or not. */
  private String departure(String gone) {
    List<Task> orphans = of(gone).toList();
    String heir = any(OWNERS.stream().filter(owner -> !owner.equals(gone)).toList());
    assertThat(done(answers.of(() -> queue.expireLeases(gone, heir)))).isEqualTo(orphans.size());
    adopt(orphans, heir);
    return gone + " is gone, and leaves to " + heir + " " + ids(orphans);
  }

  /** When the answer is lost, the heir has them all the same, and asks for them. */
  private void adopt(List<Task> left, String heir) {
    left.forEach(task -> outdated.add(task.claim));
    List<Claim> adopted = done(queue.adopt(heir, 100));
    assertThat(adopted).extracting(Claim::id).containsExactlyInAnyOrderElementsOf(ids(left));
    takenOver(heir, adopted);
    if (answers.isLost()) {
      left.forEach(task -> task.unheard = true);
    }
  }

  private void takenOver(String owner, List<Claim> claims) {
    claims.forEach(claim -> isOwned(model.tasks.get(claim.id()), owner, claim));
  }

  private String reattempt(Task task) {
    assertThat(done(answers.of(() -> queue.reattempt(task.claim, "lost")))).isEqualTo(Retry.IN_PLACE);
    // The circuit has tests of its own; the model knows nothing of it.
    lab.redis.ask("HDEL", RedisKeys.INSTANCE.of(task.instance), "faults", "faulted");
    task.attempts = Math.max(task.attempts, task.claim.attempt() + 1);
    return "reattempt " + task.id;
  }

  private String renew(Task task) {
    assertThat(done(answers.of(() -> queue.beginSubmit(task.claim)))).isTrue();
    assertThat(done(answers.of(() -> queue.markAccepted(task.claim)))).isTrue();
    assertThat(done(answers.of(() -> queue.renew(List.of(task.claim)))).cancelled()).isEqualTo(
      Stream.of(task).filter(one -> one.cancelled).map(one -> one.id).toList());
    return "renew " + task.id;
  }

  private Stream<Task> of(String owner) {
    return model.running().filter(task -> owner.equals(task.owner));
  }

  /** A task that runs, and whose owner knows that. */
  private Optional<Task> anyWatched() {
    List<Task> watched = model.running().filter(task -> !task.unheard).toList();
    return watched.isEmpty() ? Optional.empty() : Optional.of(any(watched));
  }

  private static List<TaskId> ids(List<Task> tasks) {
    return tasks.stream().map(task -> task.id).toList();
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
