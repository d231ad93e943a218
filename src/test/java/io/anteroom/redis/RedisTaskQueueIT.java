package io.anteroom.redis;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.TaskQueue.Cancelled;
import io.anteroom.queue.TaskQueue.Stats;
import io.anteroom.queue.TaskQueue.Total;
import io.anteroom.support.LogLines;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who waits, in which order, and what becomes of it. */
class RedisTaskQueueIT extends QueueScenarios {
  @Test
  void aSubmittedTaskWaitsAtItsPosition() {
    lab.submits("alice");

    Receipt second = lab.submits("bob", TaskId.random(), false);

    assertThat(second.repeated()).isFalse();
    assertThat(second.startable()).isTrue();
    assertThat(second.status().state()).isEqualTo(TaskState.QUEUED);
    assertThat(second.status().position()).isEqualTo(2);
    assertThat(second.status().number()).isEqualTo(2);
    assertThat(second.status().attempts()).isZero();
  }

  @Test
  void aLimitThatTheSettingsChangeStandsInTheAuditLog() {
    try (LogLines audit = new LogLines("audit")) {
      lab.opens(2, QueueFixture.room("a1", 1));
      lab.configures(3, QueueFixture.room("a1", 1));
      lab.configures(3, QueueFixture.room("a1", 1));
      lab.configures(
        new QueueConfig(3, 2, 9, QueueFixture.LEASE, Duration.ofHours(24), List.of(QueueFixture.room("a1", 1))));

      assertThat(audit.all()).containsExactly(
        "The settings changed a limit: limit=limit from=2 to=3",
        "The settings changed a limit: limit=user_running from=1 to=2",
        "The settings changed a limit: limit=user_waiting from=5 to=9");
    }
  }

  @Test
  void nothingIsStartableOnceTheLimitIsReached() {
    lab.submits("alice");
    lab.submits("bob");
    lab.claimsAll();

    assertThat(lab.submits("carol", TaskId.random(), false).startable()).isFalse();
  }

  @Test
  void aRepeatedSubmitIsTheSameTaskWhateverBecameOfIt() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();

    Receipt running = lab.submits("alice", id, false);
    lab.completes(claim);
    Receipt ended = lab.submits("alice", id, false);

    assertThat(List.of(running.repeated(), ended.repeated())).containsOnly(true);
    assertThat(running.status().state()).isEqualTo(TaskState.PROCESSING);
    assertThat(ended.status().state()).isEqualTo(TaskState.COMPLETED);
    assertThat(done(lab.queue.stats()).waiting()).isZero();
  }

  @Test
  void anIdOfSomebodyElseIsRefused() {
    TaskId id = lab.submits("alice");

    assertThat(refusal(lab.queue.submit(new Submission(id, "bob", "b", false, "", "{}", ""))).code())
      .isEqualTo(Code.PROMPT_ID_TAKEN);
    assertThat(lab.status(id).user()).isEqualTo("alice");
  }

  @Test
  void oneTooManyIsRefusedWithCountAndLimit() {
    for (int i = 0; i < 5; i++) {
      lab.submits("alice");
    }

    var refusal = refusal(lab.queue.submit(new Submission(TaskId.random(), "alice", "a", false, "", "{}", "")));

    assertThat(refusal.code()).isEqualTo(Code.TOO_MANY_WAITING);
    assertThat(refusal.english()).contains("5 tasks waiting").contains("the limit is 5");
    assertThat(refusal.chinese()).contains("5 个任务");
    assertThat(done(lab.queue.list("alice"))).hasSize(5);
  }

  @Test
  void usersTakeTurnsHoweverManyTasksOneHas() {
    TaskId a1 = lab.submits("alice");
    TaskId a2 = lab.submits("alice");
    TaskId a3 = lab.submits("alice");

    TaskId b1 = lab.submits("bob");

    assertThat(List.of(lab.position(a1), lab.position(b1), lab.position(a2), lab.position(a3)))
      .containsExactly(1, 2, 3, 4);
  }

  /** Who comes back from idle has no credit for the rounds before. */
  @Test
  void whoComesLaterIsNotServedBeforeWhoWaitsAlready() {
    lab.configures(1, room("a1", 1), room("b1", 1), room("c1", 1));
    lab.submits("alice");
    Claim alices = lab.claims().orElseThrow();
    lab.submits("bob");
    lab.submits("alice");
    lab.completes(lab.completes(alices).orElseThrow());

    TaskId bobs = lab.submits("bob");
    TaskId carols = lab.submits("carol");

    assertThat(List.of(lab.position(bobs), lab.position(carols))).containsExactly(1, 2);
  }

  @Test
  void aTaskPutInFrontPassesItsUsersOwnTasksOnly() {
    TaskId b1 = lab.submits("bob");
    TaskId a1 = lab.submits("alice");
    TaskId a2 = lab.submits("alice");

    TaskId front = lab.submitsInFront("alice");

    assertThat(List.of(lab.position(b1), lab.position(front), lab.position(a1), lab.position(a2)))
      .containsExactly(1, 2, 3, 4);
    assertThat(lab.redis.ask("LRANGE", RedisKeys.QUEUE.of("alice"), "0", "-1").stream().map(Object::toString))
      .containsExactly(front.value(), a1.value(), a2.value());
  }

  @Test
  void aCancelledTaskLeavesNoGap() {
    TaskId a1 = lab.submits("alice");
    TaskId a2 = lab.submits("alice");
    TaskId b1 = lab.submits("bob");

    TaskStatus cancelled = done(lab.queue.cancel(a1, "alice")).task();

    assertThat(cancelled.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(cancelled.times().finished()).isPresent();
    assertThat(List.of(lab.position(a2), lab.position(b1))).containsExactly(1, 2);
    assertThat(lab.redis.ask("EXISTS", RedisKeys.BODY.of(a1.value())).toInteger()).isZero();
  }

  @Test
  void aCancelRepeatedIsTheSameCancel() {
    TaskId id = lab.submits("alice");

    assertThat(done(lab.queue.cancel(id, "alice")).first()).isTrue();

    Cancelled again = done(lab.queue.cancel(id, "alice"));
    assertThat(again.task().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(again.first()).isFalse();
  }

  @Test
  void onlyTheOwnerCancels() {
    TaskId id = lab.submits("alice");

    assertThat(refusal(lab.queue.cancel(id, "bob")).code()).isEqualTo(Code.UNKNOWN_TASK);
    assertThat(refusal(lab.queue.cancel(TaskId.random(), "bob")).code()).isEqualTo(Code.UNKNOWN_TASK);
    assertThat(lab.position(id)).isEqualTo(1);
  }

  @Test
  void anEndedTaskCannotBeCancelled() {
    TaskId id = lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());

    assertThat(refusal(lab.queue.cancel(id, "alice")).code()).isEqualTo(Code.ALREADY_ENDED);
  }

  @Test
  void aListHasRunningThenWaitingThenEndedNewestFirst() {
    TaskId ended = lab.submits("alice");
    TaskId running = lab.submits("alice");
    TaskId later = lab.submits("alice");
    TaskId cancelled = lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());
    done(lab.queue.cancel(cancelled, "alice"));

    assertThat(done(lab.queue.list("alice"))).extracting(TaskStatus::id)
      .startsWith(running, later).containsExactlyInAnyOrder(running, later, cancelled, ended);
  }

  @Test
  void aListHasAsManyThatEndedAsAreAskedFor() {
    lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());
    lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());
    TaskId waiting = lab.submits("alice");

    assertThat(done(lab.queue.list("alice", 1))).hasSize(2).extracting(TaskStatus::id).startsWith(waiting);
    assertThat(done(lab.queue.list("alice", 0))).extracting(TaskStatus::id).containsExactly(waiting);
  }

  @Test
  void onlyTheLatestEndedTasksAreListed() {
    TaskId first = lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());
    for (int i = 0; i < 200; i++) {
      lab.submits("alice");
      lab.completes(lab.claims().orElseThrow());
    }

    assertThat(done(lab.queue.list("alice"))).hasSize(200).extracting(TaskStatus::id).doesNotContain(first);
    assertThat(lab.status(first).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void statusesLeavesOutWhatDoesNotExist() {
    TaskId id = lab.submits("alice");

    assertThat(done(lab.queue.statuses(List.of(TaskId.random(), id)))).extracting(TaskStatus::id).containsExactly(id);
    assertThat(done(lab.queue.status(TaskId.random()))).isEmpty();
  }

  @Test
  void anEndedTaskTellsWhyAndIsForgottenAfterAWhile() {
    TaskId id = lab.submits("alice");
    TaskError error = new TaskError("OutOfMemoryError", "the GPU is full", "node 4", "{\"node_id\":\"4\"}");

    done(lab.queue.finish(lab.claims().orElseThrow(), Outcome.of(TaskState.FAILED, error), false));

    assertThat(lab.status(id).state()).isEqualTo(TaskState.FAILED);
    assertThat(lab.status(id).error()).contains(error);
    assertThat(lab.redis.ask("TTL", RedisKeys.TASK.of(id.value())).toInteger()).isBetween(86_000, 86_400);
  }

  @Test
  void whatAStudentSentStandsInTheBodyAlone() {
    TaskId id = done(lab.queue.submit(new Submission(TaskId.random(), "alice", "a", false, "", "a-secret", "")))
      .status().id();

    assertThat(lab.redis.ask("HGETALL", RedisKeys.TOTALS.key()).toString()).doesNotContain("a-secret");
    assertThat(lab.redis.ask("HGETALL", RedisKeys.TASK.of(id.value())).toString()).doesNotContain("a-secret");
  }

  @Test
  void figuresCountTheWholeLab() {
    lab.submits("alice");
    lab.claims();
    lab.submits("bob");
    lab.submits("carol");
    lab.goesDown("c1");

    Stats figures = done(lab.queue.stats());

    assertThat(figures).usingRecursiveComparison().ignoringFields("oldestWaiting", "bytes", "totals")
      .isEqualTo(new Stats(2, 1, 1, 1, 3, Duration.ZERO, 1, 0, Map.of()));
    assertThat(figures.bytes()).isPositive();
    assertThat(figures.oldestWaiting()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void whatHappensToATaskIsCountedOnceEach() {
    lab.submits("alice");
    lab.requeues(lab.claims().orElseThrow());
    Claim second = lab.claims().orElseThrow();
    done(lab.queue.markAccepted(second));
    done(lab.queue.finish(second, Outcome.completed("{}"), false));

    assertThat(lab.redis.ask("HMGET", RedisKeys.TOTALS.key(), "submitted", "claimed", "requeued", "started",
      "completed").stream().map(Response::toInteger)).containsExactly(1, 2, 1, 1, 1);
    assertThat(lab.redis.ask("HLEN", RedisKeys.TOTALS.key()).toInteger()).isEqualTo(5);
  }

  @Test
  void theStreamOfEventsThatFormerVersionsWroteIsDeleted() {
    lab.redis.ask("XADD", RedisKeys.EVENTS.key(), "*", "event", "old");

    lab.configures(2, room("a1", 1));

    assertThat(lab.redis.ask("EXISTS", RedisKeys.EVENTS.key()).toInteger()).isZero();
  }

  @Test
  void noEventIsWrittenThatNothingReads() {
    lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());

    assertThat(lab.redis.ask("EXISTS", RedisKeys.EVENTS.key()).toInteger()).isZero();
  }

  /** Cancelled while they waited or ran, given back, refused: whoever was submitted is somewhere. */
  @Test
  void totalsAccountForEveryTask() {
    TaskId waits = lab.submits("alice");
    Claim first = lab.claims().orElseThrow();
    done(lab.queue.markAccepted(first));
    done(lab.queue.markAccepted(first));
    TaskId cancelled = lab.submits("alice");
    done(lab.queue.cancel(cancelled, "alice"));
    done(lab.queue.cancel(cancelled, "alice"));
    lab.submits("bob");
    Claim second = lab.claims().orElseThrow();
    lab.requeues(second);
    lab.submits("bob");
    done(lab.queue.finish(first, Outcome.completed("{}"), false));

    Stats figures = done(lab.queue.stats());

    assertThat(lab.status(waits).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(figures.totals()).containsEntry(Total.SUBMITTED, 4L).containsEntry(Total.STARTED, 1L)
      .containsEntry(Total.COMPLETED, 1L).containsEntry(Total.CANCELLED, 1L).containsEntry(Total.LOST, 0L);
    assertThat(figures.waiting() + figures.blocked() + figures.processing()).isEqualTo(4 - 2);
  }
}
