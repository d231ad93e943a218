package io.anteroom.redis.scripts;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Payload;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.Submission.Rejectable;
import io.anteroom.queue.TaskQueue.Ending;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A task can be rejected as long as its submitter has no answer, and not a moment longer. */
class RejectIT extends QueueScenarios {
  private static final TaskError ERROR = new TaskError("prompt_outputs_failed_validation", "Prompt outputs failed",
    "Invalid image file", "{\"error\":{},\"node_errors\":{\"1\":{}}}");

  @Test
  void aTaskThatItsInstanceRefusesLeavesNothingButTheAnswer() {
    TaskId id = submits();

    Ending ending = refuses(lab.claims().orElseThrow());

    assertThat(ending).isEqualTo(new Ending(true, true, Optional.empty()));
    assertThat(done(lab.queue.status(id))).isEmpty();
    assertThat(done(lab.queue.list("alice"))).isEmpty();
    assertThat(done(lab.queue.stats()).processing()).isZero();
    assertThat(refusal(lab.queue.cancel(id, "alice")).code()).isEqualTo(ApiException.Code.UNKNOWN_TASK);
    assertThat(refusal(lab.queue.acknowledge(id))).satisfies(refusal -> {
      assertThat(refusal.code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
      assertThat(refusal.report()).isEqualTo(ERROR.report());
      assertThat(refusal.details()).isEqualTo(ERROR.details());
    });
  }

  /** A page that saw it come and go would take the queue for empty, and might run it again. */
  @Test
  void aTaskStandsInNoListBeforeItsSubmitterHasAnAnswer() {
    TaskId id = submits();
    assertThat(done(lab.queue.list("alice"))).isEmpty();
    Claim claim = lab.claims().orElseThrow();
    assertThat(done(lab.queue.list("alice"))).isEmpty();

    done(lab.queue.markAccepted(claim));

    assertThat(done(lab.queue.list("alice"))).extracting(TaskStatus::id).containsExactly(id);
  }

  /** The answer to it got lost: it is asked again. */
  @Test
  void toRejectTwiceIsToRejectOnce() {
    submits();
    Claim claim = lab.claims().orElseThrow();

    assertThat(refuses(claim)).isEqualTo(refuses(claim));
  }

  @Test
  void whatWasRejectedCanBeSubmittedAgainUnderItsId() {
    TaskId id = submits();
    refuses(lab.claims().orElseThrow());

    assertThat(submits(id, Rejectable.AT_START).repeated()).isFalse();
    assertThat(lab.status(id).state()).isEqualTo(TaskState.QUEUED);
    assertThat(lab.claims()).isPresent();
  }

  @Test
  void aTaskWhoseSubmitterHasAnAnswerFailsInstead() {
    TaskId id = submits();
    Claim claim = lab.claims().orElseThrow();

    assertThat(done(lab.queue.acknowledge(id)).orElseThrow().state()).isEqualTo(TaskState.PROCESSING);

    assertFails(id, claim);
  }

  /** Who sends the same again is answered that it is stored. */
  @Test
  void aTaskThatWasSubmittedTwiceFailsInstead() {
    TaskId id = submits();
    Claim claim = lab.claims().orElseThrow();
    assertThat(submits(id, Rejectable.AT_START).repeated()).isTrue();

    assertFails(id, claim);
  }

  @Test
  void aTaskThatItsInstanceHadAcceptedFailsInstead() {
    TaskId id = submits();
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.markAccepted(claim));

    assertFails(id, claim);
  }

  /** Its submitter may have gone away without an answer. */
  @Test
  void aTaskThatWasUnansweredForTooLongFailsInstead() {
    TaskId id = submits();
    Claim claim = lab.claims().orElseThrow();
    lab.redis.ask("HSET", RedisKeys.TASK.of(id.value()), "answer_by", "1");

    assertFails(id, claim);
  }

  /** Its submitter may have heard from the instance that a run has ended, of which the store does not know yet. */
  @Test
  void theNextInLineMayBeRejectedAlthoughNoPlaceIsFreeYet() {
    submits();
    Claim first = lab.claims().orElseThrow();
    Receipt next = submits(TaskId.random(), Rejectable.AT_START);
    assertThat(next.startable()).isTrue();

    Claim claim = lab.completes(first).orElseThrow();

    assertThat(claim.unanswered()).isTrue();
    assertThat(refuses(claim).rejected()).isTrue();
  }

  @Test
  void aTaskThatHasToWaitBehindOthersHasAnAnswerFromTheStart() {
    submits();
    Claim first = lab.claims().orElseThrow();
    submits();
    Receipt later = submits(TaskId.random(), Rejectable.AT_START);
    assertThat(later.startable()).isFalse();
    Claim second = lab.completes(first).orElseThrow();

    Claim claim = lab.completes(second).orElseThrow();

    assertThat(claim.unanswered()).isFalse();
    assertFails(later.status().id(), claim);
  }

  @Test
  void aWaitingTaskThatIsUndecidedCanBeTakenOutAsIfItHadNeverBeen() {
    lab.submits("alice");
    lab.claims();
    TaskId later = TaskId.random();
    submits(later, Rejectable.ANYHOW);
    TaskId behind = lab.submits("alice");

    assertThat(done(lab.queue.reject(later))).isTrue();
    assertThat(done(lab.queue.reject(later))).isTrue();

    assertThat(done(lab.queue.status(later))).isEmpty();
    assertThat(lab.status(behind).position()).isEqualTo(1);
    assertThat(done(lab.queue.reject(behind))).isFalse();
  }

  @Test
  void aTaskThatStartedMeanwhileIsNotTakenOut() {
    TaskId id = submits();
    lab.claims();

    assertThat(done(lab.queue.reject(id))).isFalse();
    assertThat(lab.status(id).state()).isEqualTo(TaskState.PROCESSING);
  }

  private TaskId submits() {
    return submits(TaskId.random(), Rejectable.AT_START).status().id();
  }

  private static Receipt submits(TaskId id, Rejectable rejectable) {
    return done(lab.queue.submit(new Submission(id, "alice", "a", false, "tab", Payload.of("{}"), "", rejectable)));
  }

  private Ending refuses(Claim claim) {
    return done(lab.queue.finish(claim, Outcome.refused(ERROR), false));
  }

  private void assertFails(TaskId id, Claim claim) {
    assertThat(refuses(claim)).isEqualTo(new Ending(true, false, Optional.empty()));
    assertThat(lab.status(id).state()).isEqualTo(TaskState.FAILED);
    assertThat(lab.status(id).error()).contains(ERROR);
  }
}
