package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The dispatcher alone, without a store and a cluster. */
class DispatcherTest {
  private final MemoryDispatch memory = new MemoryDispatch(1, "ann", "ben");
  private final Dispatcher dispatcher = memory.dispatcher();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void refusedPromptKeepsItsTurnAndFreesItsPermit() {
    TaskId cat = memory.submits("ann");
    TaskId dog = memory.submits("ann");
    memory.fails("/prompt", 503);

    memory.onLoop(dispatcher::fill);
    until(() -> memory.permits.free() == 1);

    assertThat(memory.status(cat).position()).isEqualTo(1);
    assertThat(memory.status(dog).position()).isEqualTo(2);
    assertThat(memory.prompts()).isEqualTo(1);
  }

  @Test
  void nothingStartsWithoutAPermit() {
    TaskId cat = memory.submits("ann");
    memory.permits.tryAcquire();

    memory.onLoop(dispatcher::fill);

    assertThat(memory.status(cat).state()).isEqualTo(TaskState.QUEUED);
    assertThat(memory.asked()).isEmpty();
  }

  @Test
  void aPermitWithoutATaskIsReleased() {
    memory.onLoop(dispatcher::fill);

    assertThat(memory.permits.free()).isEqualTo(1);
  }

  @Test
  void aClaimThatFailsReleasesItsPermit() {
    TaskId cat = memory.submits("ann");
    memory.queue.unreachable(true);

    memory.onLoop(dispatcher::fill);

    assertThat(memory.permits.free()).isEqualTo(1);
    memory.queue.unreachable(false);
    memory.onLoop(dispatcher::fill);
    assertThat(memory.status(cat).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void theEndOfOneTaskStartsTheNextInItsPlace() {
    TaskId cat = memory.submits("ann");
    TaskId dog = memory.submits("ben");
    memory.onLoop(dispatcher::fill);
    assertThat(memory.status(dog).state()).isEqualTo(TaskState.QUEUED);

    memory.completes(cat);
    memory.polls(dispatcher, cat);

    until(() -> memory.status(cat).state() == TaskState.COMPLETED);
    assertThat(memory.status(dog).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(memory.permits.free()).isZero();
  }

  @Test
  void theLastEndReleasesThePermit() {
    TaskId cat = memory.submits("ann");
    memory.onLoop(dispatcher::fill);

    memory.completes(cat);
    memory.polls(dispatcher, cat);

    until(() -> memory.permits.free() == 1);
    assertThat(dispatcher.runs()).isEmpty();
  }

  @Test
  void aDrainingNodeStartsNothing() {
    memory.onLoop(dispatcher::drain);
    TaskId cat = memory.submits("ann");

    memory.onLoop(dispatcher::fill);

    assertThat(memory.status(cat).state()).isEqualTo(TaskState.QUEUED);
    assertThat(memory.permits.free()).isEqualTo(1);
  }

  @Test
  void callsDuringAPassShareTheNextOne() {
    List<Future<Void>> passes = memory.onLoop(() -> {
      List<Future<Void>> all = List.of(dispatcher.fill(), dispatcher.fill(), dispatcher.fill());
      return Future.all(all).map(all);
    });

    assertThat(passes.get(1)).isNotSameAs(passes.get(0)).isSameAs(passes.get(2));
  }
}
