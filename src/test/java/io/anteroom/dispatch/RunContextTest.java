package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refused;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.RunState;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Claim.Stage;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run asks of the store and of its instance. */
class RunContextTest {
  private static final String FORMER_ADDRESS = "http://127.0.0.1:1";

  private final MemoryDispatch memory = new MemoryDispatch(1, "ann");
  private TaskId cat;

  @BeforeEach
  void submitOne() {
    cat = memory.submits("ann");
  }

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void aRunIsStoppedByItsOwner() {
    Claim claim = memory.claims(Stage.RUNNING);

    assertThat(memory.onLoop(() -> memory.context.stop(claim))).isTrue();

    assertThat(memory.requests("/queue")).isEqualTo(1);
    assertThat(memory.requests("/interrupt")).isEqualTo(1);
  }

  @Test
  void nothingIsAskedOfAnInstanceOnceTheClaimIsLost() {
    Claim lost = MemoryDispatch.outdated(memory.claims(Stage.RUNNING));

    Future<Boolean> stopped = memory.start(() -> memory.context.stop(lost));
    Future<Boolean> removed = memory.start(() -> memory.context.remove(lost));

    until(() -> stopped.failed() && removed.failed());
    assertThat(memory.asked()).isEmpty();
  }

  @Test
  void aRunIsFoundAtTheNewAddressOfItsInstance() {
    Claim claim = MemoryDispatch.at(FORMER_ADDRESS, memory.claims(Stage.RUNNING));
    memory.runs(cat);

    assertThat(memory.onLoop(() -> memory.context.runState(claim, false))).isEqualTo(new RunState.Running());
  }

  /** It may still run at the former one. */
  @Test
  void anAbsenceAtTheNewAddressProvesNothing() {
    Claim claim = MemoryDispatch.at(FORMER_ADDRESS, memory.claims(Stage.RUNNING));

    Future<RunState> state = memory.start(() -> memory.context.runState(claim, false));

    until(state::isComplete);
    assertThat(state.failed()).isTrue();
  }

  @Test
  void aSubmitIsBegunThoughTheStoreDidNotAnswerAtFirst() {
    Claim claim = memory.claims(Stage.CLAIMED);
    memory.queue.unreachable(true);

    Future<Boolean> begun = memory.start(() -> memory.context.beginSubmit(claim));
    until(() -> memory.queue.failures() > 0);
    memory.queue.unreachable(false);

    assertThat(done(begun)).isTrue();
  }

  @Test
  void aSubmitIsNotTriedForEver() {
    Claim claim = memory.claims(Stage.CLAIMED);
    memory.queue.unreachable(true);

    assertThat(refused(memory.start(() -> memory.context.beginSubmit(claim)))).isEqualTo(Code.QUEUE_UNAVAILABLE);
    assertThat(memory.queue.failures()).isEqualTo(4);
  }
}
