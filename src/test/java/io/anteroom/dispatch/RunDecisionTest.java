package io.anteroom.dispatch;

import static io.anteroom.dispatch.RunDecision.RequestedEnd.CANCEL;
import static io.anteroom.dispatch.RunDecision.RequestedEnd.NONE;
import static io.anteroom.dispatch.RunDecision.RequestedEnd.TIME_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.RunState;
import io.anteroom.comfy.RunState.Ended;
import io.anteroom.comfy.RunState.Ended.How;
import io.anteroom.dispatch.RunDecision.Facts;
import io.anteroom.dispatch.RunDecision.What;
import io.anteroom.dispatch.RunDecision.RequestedEnd;
import io.anteroom.queue.Outcome;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunDecisionTest {
  private static final RunState ABSENT = new RunState.Absent();
  private static final RunState SUCCEEDED = new Ended(How.SUCCESS, Optional.empty(), "{\"3\":{}}");
  private static final RunState INTERRUPTED =
    new Ended(How.INTERRUPTED, Optional.of(new TaskError("interrupted", "The run was interrupted.")), "{}");

  @ParameterizedTest
  @EnumSource(RequestedEnd.class)
  void whatRunsOrWaitsAtTheInstanceIsWatchedWhateverIsRequested(RequestedEnd requested) {
    assertThat(RunDecision.of(new RunState.Running(), facts(requested)).what()).isEqualTo(What.WATCH);
    assertThat(RunDecision.of(new RunState.Pending(Set.of()), facts(requested)).what()).isEqualTo(What.WATCH);
  }

  @ParameterizedTest
  @EnumSource(RequestedEnd.class)
  void whatFinishedHasFinishedWhateverWasRequested(RequestedEnd requested) {
    Outcome outcome = RunDecision.of(SUCCEEDED, facts(requested)).outcome().orElseThrow();

    assertThat(outcome).isEqualTo(Outcome.completed("{\"3\":{}}"));
  }

  @Test
  void anInterruptedRunEndsAsWasRequested() {
    assertThat(endOf(INTERRUPTED, TIME_OUT)).isEqualTo(TaskState.TIMED_OUT);
    assertThat(endOf(INTERRUPTED, CANCEL)).isEqualTo(TaskState.CANCELLED);
    assertThat(endOf(INTERRUPTED, NONE)).as("a student pressed ComfyUI's own button")
      .isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aFailedRunKeepsComfyUisOwnWords() {
    TaskError error = new TaskError("RuntimeError", "out of memory", "KSampler (node 3)", "{}");

    Outcome outcome = RunDecision.of(new Ended(How.ERROR, Optional.of(error), "{}"), facts(NONE)).outcome()
      .orElseThrow();

    assertThat(outcome.state()).isEqualTo(TaskState.FAILED);
    assertThat(outcome.error()).contains(error);
  }

  @Test
  void oneAbsenceProvesNothing() {
    assertThat(RunDecision.of(ABSENT, new Facts(NONE, false, 1, false, true)).what()).isEqualTo(What.POLL_AGAIN);
  }

  @Test
  void absenceProvesNothingWhileARequestMayBeInFlight() {
    assertThat(RunDecision.of(ABSENT, new Facts(NONE, true, 9, false, true)).what()).isEqualTo(What.POLL_AGAIN);
    assertThat(RunDecision.of(ABSENT, new Facts(CANCEL, true, 9, true, true)).what()).isEqualTo(What.POLL_AGAIN);
  }

  @Test
  void aProvenLossIsSentAgainUntilTheLastTry() {
    assertThat(RunDecision.of(ABSENT, new Facts(NONE, false, 2, false, false)).what()).isEqualTo(What.SEND_AGAIN);
    assertThat(RunDecision.of(ABSENT, new Facts(NONE, false, 2, true, false)).outcome().orElseThrow().state())
      .isEqualTo(TaskState.LOST);
  }

  @Test
  void whatAFaultOfTheInstanceKeptFromRunningGoesBackAlsoFromTheLastTry() {
    assertThat(RunDecision.of(ABSENT, new Facts(NONE, false, 2, true, true)).what()).isEqualTo(What.REQUEUE);
    assertThat(RunDecision.of(ABSENT, new Facts(CANCEL, false, 2, true, true)).outcome().orElseThrow().state())
      .isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aTaskThatShouldStopAndIsGoneHasStopped() {
    assertThat(endOf(ABSENT, CANCEL)).isEqualTo(TaskState.CANCELLED);
    assertThat(endOf(ABSENT, TIME_OUT)).isEqualTo(TaskState.TIMED_OUT);
  }

  private static TaskState endOf(RunState seen, RequestedEnd requested) {
    return RunDecision.of(seen, facts(requested)).outcome().orElseThrow().state();
  }

  private static Facts facts(RequestedEnd requested) {
    return new Facts(requested, false, 2, false, false);
  }
}
