package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.RunState;
import io.anteroom.comfy.RunState.Ended;
import io.anteroom.comfy.RunState.Ended.How;
import io.anteroom.dispatch.RunDecision.Facts;
import io.anteroom.dispatch.RunDecision.What;
import io.anteroom.dispatch.RunDecision.Wish;
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
  @EnumSource(Wish.class)
  void whatRunsOrWaitsAtTheInstanceIsWatchedWhateverIsWished(Wish wish) {
    assertThat(RunDecision.of(new RunState.Running(), facts(wish)).what()).isEqualTo(What.WATCH);
    assertThat(RunDecision.of(new RunState.Pending(Set.of()), facts(wish)).what()).isEqualTo(What.WATCH);
  }

  @ParameterizedTest
  @EnumSource(Wish.class)
  void whatFinishedHasFinishedWhateverWasWished(Wish wish) {
    Outcome outcome = RunDecision.of(SUCCEEDED, facts(wish)).outcome().orElseThrow();

    assertThat(outcome).isEqualTo(Outcome.completed("{\"3\":{}}"));
  }

  @Test
  void anInterruptedRunEndsAsWasWished() {
    assertThat(endOf(INTERRUPTED, Wish.TIME_OUT)).isEqualTo(TaskState.TIMED_OUT);
    assertThat(endOf(INTERRUPTED, Wish.CANCEL)).isEqualTo(TaskState.CANCELLED);
    assertThat(endOf(INTERRUPTED, Wish.NONE)).as("somebody pressed ComfyUI's own button")
      .isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aFailedRunKeepsComfyUisOwnWords() {
    TaskError error = new TaskError("RuntimeError", "out of memory", "KSampler (node 3)", "{}");

    Outcome outcome = RunDecision.of(new Ended(How.ERROR, Optional.of(error), "{}"), facts(Wish.NONE)).outcome()
      .orElseThrow();

    assertThat(outcome.state()).isEqualTo(TaskState.FAILED);
    assertThat(outcome.error()).contains(error);
  }

  @Test
  void oneAbsenceProvesNothing() {
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.NONE, false, 1, false, true)).what()).isEqualTo(What.LOOK_AGAIN);
  }

  @Test
  void absenceProvesNothingWhileARequestMayBeOnItsWay() {
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.NONE, true, 9, false, true)).what()).isEqualTo(What.LOOK_AGAIN);
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.CANCEL, true, 9, true, true)).what()).isEqualTo(What.LOOK_AGAIN);
  }

  @Test
  void aProvenLossIsSentAgainUntilTheLastTry() {
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.NONE, false, 2, false, false)).what()).isEqualTo(What.SEND_AGAIN);
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.NONE, false, 2, true, false)).outcome().orElseThrow().state())
      .isEqualTo(TaskState.LOST);
  }

  @Test
  void whatAFaultOfTheInstanceKeptFromRunningGoesBackAlsoFromTheLastTry() {
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.NONE, false, 2, true, true)).what()).isEqualTo(What.GIVE_BACK);
    assertThat(RunDecision.of(ABSENT, new Facts(Wish.CANCEL, false, 2, true, true)).outcome().orElseThrow().state())
      .isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aTaskThatShouldStopAndIsGoneHasStopped() {
    assertThat(endOf(ABSENT, Wish.CANCEL)).isEqualTo(TaskState.CANCELLED);
    assertThat(endOf(ABSENT, Wish.TIME_OUT)).isEqualTo(TaskState.TIMED_OUT);
  }

  private static TaskState endOf(RunState seen, Wish wish) {
    return RunDecision.of(seen, facts(wish)).outcome().orElseThrow().state();
  }

  private static Facts facts(Wish wish) {
    return new Facts(wish, false, 2, false, false);
  }
}
