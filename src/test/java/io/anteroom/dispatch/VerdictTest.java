package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.Whereabouts;
import io.anteroom.comfy.Whereabouts.Ended;
import io.anteroom.comfy.Whereabouts.Ended.How;
import io.anteroom.dispatch.Verdict.Facts;
import io.anteroom.dispatch.Verdict.What;
import io.anteroom.dispatch.Verdict.Wish;
import io.anteroom.queue.Outcome;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
  private static final Whereabouts ABSENT = new Whereabouts.Absent();
  private static final Whereabouts SUCCEEDED = new Ended(How.SUCCESS, Optional.empty(), "{\"3\":{}}");
  private static final Whereabouts INTERRUPTED =
    new Ended(How.INTERRUPTED, Optional.of(new TaskError("interrupted", "The run was interrupted.")), "{}");

  @ParameterizedTest
  @EnumSource(Wish.class)
  void whatRunsOrWaitsAtTheInstanceIsWatchedWhateverIsWished(Wish wish) {
    assertThat(Verdict.of(new Whereabouts.Running(), facts(wish)).what()).isEqualTo(What.WATCH);
    assertThat(Verdict.of(new Whereabouts.Pending(Set.of()), facts(wish)).what()).isEqualTo(What.WATCH);
  }

  @ParameterizedTest
  @EnumSource(Wish.class)
  void whatFinishedHasFinishedWhateverWasWished(Wish wish) {
    Outcome outcome = Verdict.of(SUCCEEDED, facts(wish)).outcome().orElseThrow();

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

    Outcome outcome = Verdict.of(new Ended(How.ERROR, Optional.of(error), "{}"), facts(Wish.NONE)).outcome()
      .orElseThrow();

    assertThat(outcome.state()).isEqualTo(TaskState.FAILED);
    assertThat(outcome.error()).contains(error);
  }

  @Test
  void oneAbsenceProvesNothing() {
    assertThat(Verdict.of(ABSENT, new Facts(Wish.NONE, false, 1, false, true)).what()).isEqualTo(What.LOOK_AGAIN);
  }

  @Test
  void absenceProvesNothingWhileARequestMayBeOnItsWay() {
    assertThat(Verdict.of(ABSENT, new Facts(Wish.NONE, true, 9, false, true)).what()).isEqualTo(What.LOOK_AGAIN);
    assertThat(Verdict.of(ABSENT, new Facts(Wish.CANCEL, true, 9, true, true)).what()).isEqualTo(What.LOOK_AGAIN);
  }

  @Test
  void aProvenLossIsSentAgainUntilTheLastTry() {
    assertThat(Verdict.of(ABSENT, new Facts(Wish.NONE, false, 2, false, false)).what()).isEqualTo(What.SEND_AGAIN);
    assertThat(Verdict.of(ABSENT, new Facts(Wish.NONE, false, 2, true, false)).outcome().orElseThrow().state())
      .isEqualTo(TaskState.LOST);
  }

  @Test
  void whatAFaultOfTheInstanceKeptFromRunningGoesBackAlsoFromTheLastTry() {
    assertThat(Verdict.of(ABSENT, new Facts(Wish.NONE, false, 2, true, true)).what()).isEqualTo(What.GIVE_BACK);
    assertThat(Verdict.of(ABSENT, new Facts(Wish.CANCEL, false, 2, true, true)).outcome().orElseThrow().state())
      .isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aTaskThatShouldStopAndIsGoneHasStopped() {
    assertThat(endOf(ABSENT, Wish.CANCEL)).isEqualTo(TaskState.CANCELLED);
    assertThat(endOf(ABSENT, Wish.TIME_OUT)).isEqualTo(TaskState.TIMED_OUT);
  }

  private static TaskState endOf(Whereabouts seen, Wish wish) {
    return Verdict.of(seen, facts(wish)).outcome().orElseThrow().state();
  }

  private static Facts facts(Wish wish) {
    return new Facts(wish, false, 2, false, false);
  }
}
