package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the queue keeps and does for ComfyUI's own panel. */
class HideEntriesIT extends QueueScenarios {
  @Test
  void aTaskHasOneNumberFromItsSubmitToItsEnd() {
    TaskId first = lab.submits("alice");
    TaskId inFront = lab.submitsInFront("alice");
    TaskId bobs = lab.submits("bob");
    Claim alices = lab.claims().orElseThrow();
    lab.completes(lab.claims().orElseThrow());
    lab.requeues(alices);
    done(lab.queue.cancel(first, "alice"));
    lab.completes(lab.claims().orElseThrow());

    assertThat(List.of(first, inFront, bobs)).extracting(id -> lab.status(id).number()).containsExactly(1L, -2L, 3L);
    assertThat(lab.status(lab.submits("bob")).number()).isEqualTo(4);
  }

  @Test
  void aTaskIsWithdrawnOnlyWhileItWaits() {
    TaskId runs = lab.submits("alice");
    TaskId waits = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();

    assertThat(done(lab.queue.withdraw(runs, "alice")).task().state()).isEqualTo(TaskState.PROCESSING);
    assertThat(done(lab.queue.withdraw(waits, "alice")).task().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(refusal(lab.queue.withdraw(runs, "bob")).code()).isEqualTo(Code.UNKNOWN_TASK);
    assertThat(done(lab.queue.renew(List.of(claim))).cancelled()).isEmpty();
  }

  @Test
  void aUserForgetsHisOwnEndedTasksAndNoOthers() {
    TaskId ended = lab.submits("alice");
    TaskId waits = lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());

    done(lab.queue.forget("bob", List.of(ended)));
    assertThat(done(lab.queue.list("alice"))).hasSize(2);
    done(lab.queue.forget("alice", List.of(ended, waits, TaskId.random())));

    assertThat(done(lab.queue.status(ended))).isEmpty();
    assertThat(done(lab.queue.list("alice"))).extracting(task -> task.id()).containsExactly(waits);
    assertThat(done(lab.queue.forget("alice", List.of(ended)))).isNull();
  }

  @Test
  void theRequestsOfWhatHasNotEndedAreReadByTheirOwnerOnly() {
    TaskId runs = lab.submits("alice");
    TaskId waits = lab.submits("alice");
    TaskId bobs = lab.submits("bob");
    lab.claims();

    assertThat(done(lab.queue.listBodies("alice", List.of(runs, waits, bobs), 1 << 20)))
      .containsOnlyKeys(runs, waits).containsEntry(waits, "body of alice");
  }

  @Test
  void aRequestThatDoesNotFitIsLeftOut() {
    List<TaskId> ids = List.of(lab.submits("alice"), lab.submits("alice"));

    assertThat(done(lab.queue.listBodies("alice", ids, "body of alice".length() + 1L))).containsOnlyKeys(ids.get(0));
  }
}
