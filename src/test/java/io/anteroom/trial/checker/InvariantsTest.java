package io.anteroom.trial.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.task.TaskState;
import io.anteroom.trial.checker.Evidence.Audits;
import io.anteroom.trial.checker.Invariant.Finding;
import io.anteroom.trial.checker.Invariant.Violation;
import io.anteroom.trial.history.FaultEvent;
import io.anteroom.trial.history.HistoryEvent;
import io.anteroom.trial.history.HistoryEvent.Work;
import io.anteroom.trial.history.TrialHistory;
import io.anteroom.trial.nemesis.InstanceNemesis;
import io.anteroom.trial.nemesis.NodeNemesis;
import io.anteroom.trial.nemesis.RedisNemesis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The checker finds every invariant broken that is broken, and no other. */
class InvariantsTest {
  private final TrialHistory history = new TrialHistory();
  private final List<Run> runs = new ArrayList<>();
  private final Map<String, List<ReportedOutcome>> reported = new HashMap<>();
  private final List<FaultEvent> faults = new ArrayList<>();

  @Test
  void aGoodTrialKeepsEveryInvariant() {
    wanted("cat", "ada", Work.GOOD);
    ran("cat", 0, 1_000, Outcome.SUCCESS);
    reported("cat", TaskState.COMPLETED, 1, 1_100);
    wanted("dog", "ada", Work.FAILING);
    ran("dog", 1_200, 2_000, Outcome.ERROR);
    reported("dog", TaskState.FAILED, 1, 2_100);
    history.shown("ada", "cat");

    assertThat(Invariants.check(evidence())).allMatch(Finding::isKept);
  }

  @Test
  void oneRunMoreThanTheLimitIsSeen() {
    IntStream.range(0, 4).forEach(number -> ran("task-" + number, 100 * number, 1_000, Outcome.SUCCESS));

    assertThat(broken(LimitInvariants.limit(4))).isEmpty();
    assertThat(broken(LimitInvariants.limit(3))).containsExactly("task-3");
  }

  @Test
  void aRunThatNeverEndedStillCounts() {
    ran("zombie", 0, -1, Outcome.RUNNING);
    ran("late", 9_000, 9_500, Outcome.SUCCESS);

    assertThat(broken(LimitInvariants.limit(1))).containsExactly("late");
  }

  @Test
  void whatBeginsWhenAnotherEndsIsNotBesideIt() {
    ran("first", 0, 1_000, Outcome.SUCCESS);
    ran("second", 1_000, 2_000, Outcome.SUCCESS);

    assertThat(broken(LimitInvariants.limit(1))).isEmpty();
  }

  @Test
  void twoOnOneInstanceAreSeen() {
    ran("cat", 0, 1_000, Outcome.SUCCESS);
    ran("dog", 500, 1_500, Outcome.SUCCESS);

    assertThat(broken(LimitInvariants.slots(2))).isEmpty();
    assertThat(broken(LimitInvariants.slots(1))).containsExactly("dog");
  }

  @Test
  void twoOfOneStudentAreSeen() {
    wanted("cat", "ada", Work.GOOD);
    wanted("dog", "ada", Work.GOOD);
    wanted("bird", "bob", Work.GOOD);
    ran("cat", 0, 1_000, Outcome.SUCCESS);
    ran("bird", 100, 1_000, Outcome.SUCCESS);
    ran("dog", 500, 1_500, Outcome.SUCCESS);

    assertThat(broken(LimitInvariants.userCap(1))).containsExactly("dog");
  }

  @Test
  void aTaskThatNeverEndsIsSeen() {
    wanted("cat", "ada", Work.GOOD);
    reported("cat", TaskState.PROCESSING, 1, 0);

    assertThat(broken(EndInvariants::oneEnd)).containsExactly("cat");
  }

  @Test
  void aTaskThatNobodyKnowsAnyMoreIsSeen() {
    wanted("cat", "ada", Work.GOOD);
    reported.put("cat", List.of(ReportedOutcome.nothing("node-1", 404)));

    assertThat(broken(EndInvariants::oneEnd)).containsExactly("cat");
  }

  @Test
  void twoDifferentEndsAreSeen() {
    wanted("cat", "ada", Work.GOOD).ends.add("cancelled");
    reported("cat", TaskState.COMPLETED, 1, 1_000);

    assertThat(broken(EndInvariants::oneEnd)).containsExactly("cat");
  }

  @Test
  void anEndThatTheInstanceDidNotSeeIsSeen() {
    wanted("cat", "ada", Work.GOOD);
    ran("cat", 0, 1_000, Outcome.KILLED);
    reported("cat", TaskState.COMPLETED, 1, 1_100);
    wanted("dog", "ada", Work.GOOD);
    ran("dog", 0, 1_000, Outcome.SUCCESS);
    reported("dog", TaskState.LOST, 1, 1_100);
    wanted("bird", "ada", Work.GOOD);
    reported("bird", TaskState.CANCELLED, 0, 1_100);

    assertThat(broken(EndInvariants::endIsTrue)).containsExactly("cat", "dog", "bird");
  }

  @Test
  void anEndThatHasNoRunBehindItIsSeen() {
    wanted("never ran", "ada", Work.GOOD);
    reported("never ran", TaskState.TIMED_OUT, 1, 60_000);
    wanted("never sent", "ada", Work.GOOD);
    reported("never sent", TaskState.LOST, 3, 60_000);
    wanted("too early", "ada", Work.ENDLESS);
    ran("too early", 50_000, 60_000, Outcome.INTERRUPTED);
    reported("too early", TaskState.TIMED_OUT, 1, 60_000);
    wanted("given up at once", "ada", Work.GOOD);
    ran("given up at once", 0, 1_000, Outcome.KILLED);
    reported("given up at once", TaskState.LOST, 1, 60_000);

    assertThat(broken(EndInvariants::endIsTrue))
      .containsExactly("never ran", "never sent", "too early", "given up at once");
  }

  @Test
  void whatWasStoppedInTimeOrLostTooOftenHasEndedSo() {
    wanted("endless", "ada", Work.ENDLESS);
    ran("endless", 0, 15_200, Outcome.INTERRUPTED);
    reported("endless", TaskState.TIMED_OUT, 1, 15_300);
    wanted("lost", "ada", Work.GOOD);
    ran("lost", 0, 1_000, Outcome.KILLED);
    reported("lost", TaskState.LOST, 3, 60_000);
    wanted("held", "ada", Work.GOOD);
    reported("held", TaskState.TIMED_OUT, 1, 30_000);
    faults.add(new FaultEvent(InstanceNemesis.ZOMBIE, "comfy-1", nanos(10_000), nanos(29_000), nanos(32_000)));

    assertThat(broken(EndInvariants::endIsTrue)).isEmpty();
  }

  @Test
  void aRunThatGoesOnWhenItsTimeIsUpIsSeen() {
    Invariant promise = new TimeoutInvariant(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(1));
    ran("stopped", 0, 21_900, Outcome.INTERRUPTED);
    ran("too long", 30_000, 52_200, Outcome.INTERRUPTED);
    ran("for ever", 60_000, -1, Outcome.RUNNING);

    assertThat(broken(promise)).containsExactly("too long", "for ever");
    faults.add(new FaultEvent(NodeNemesis.ALL_NODES_KILLED, "all nodes", nanos(40_000), nanos(41_000), nanos(41_000)));
    assertThat(broken(promise)).containsExactly("for ever");
  }

  @Test
  void aSecondRunIsSeenUnlessTheFirstWasLostAndAttemptsSaysSo() {
    ran("twice", 0, 1_000, Outcome.SUCCESS);
    ran("twice", 2_000, 3_000, Outcome.SUCCESS);
    ran("silent", 0, 1_000, Outcome.KILLED);
    ran("silent", 2_000, 3_000, Outcome.SUCCESS);
    reported("silent", TaskState.COMPLETED, 1, 3_000);
    ran("lost", 0, 1_000, Outcome.KILLED);
    ran("lost", 2_000, 3_000, Outcome.SUCCESS);
    reported("lost", TaskState.COMPLETED, 2, 3_000);

    assertThat(broken(RunInvariants::atMostOnce)).containsExactly("silent", "twice");
  }

  @Test
  void aStudentsTasksInTheWrongOrderAreSeen() {
    wanted("first", "ada", Work.GOOD);
    wanted("second", "ada", Work.GOOD);
    ran("second", 0, 1_000, Outcome.SUCCESS);
    ran("first", 1_000, 2_000, Outcome.SUCCESS);

    assertThat(broken(RunInvariants::order)).containsExactly("second");
  }

  @Test
  void anothersTaskIsSeen() {
    wanted("cat", "ada", Work.GOOD);
    history.shown("bob", "cat");

    assertThat(broken(RunInvariants::onlyOwn)).containsExactly("cat");
  }

  @Test
  void aPlaceThatIsFreeTooLateIsSeen() {
    Invariant promise = new PermitInvariant(Duration.ofSeconds(5), Duration.ofSeconds(1));
    ran("cat", 0, 1_000, Outcome.SUCCESS);
    reported("cat", TaskState.COMPLETED, 1, 7_500);

    assertThat(broken(promise)).containsExactly("cat");
  }

  @Test
  void timeInWhichTheStoreWasAwayDoesNotCount() {
    Invariant promise = new PermitInvariant(Duration.ofSeconds(5), Duration.ofSeconds(1));
    ran("cat", 0, 1_000, Outcome.SUCCESS);
    reported("cat", TaskState.COMPLETED, 1, 7_500);
    faults.add(new FaultEvent(RedisNemesis.REDIS_AWAY, "redis", nanos(500), nanos(3_000), nanos(9_000)));

    assertThat(broken(promise)).isEmpty();
  }

  @Test
  void aRefusedTaskThatRunsIsSeen() {
    answered("cat", 503);
    answered("dog", 503, 200);
    answered("bird", 0, 400);
    List.of("cat", "dog", "bird").forEach(task -> ran(task, 0, 1_000, Outcome.SUCCESS));

    assertThat(broken(RunInvariants::refusedNeverRuns)).containsExactly("cat");
  }

  @Test
  void whatTheStoreOrAnInstanceHoldsWronglyIsSeen() {
    Evidence evidence = evidence(
      new Audits(1, 0, List.of("a slot is taken"), List.of("two are there"), List.of("a body is left")));

    assertThat(StoreInvariants.whole(evidence).isKept()).isFalse();
    assertThat(LimitInvariants.slots(1).check(evidence).isKept()).isFalse();
    assertThat(StoreInvariants.empty(evidence).isKept()).isFalse();
  }

  private HistoryEvent wanted(String task, String user, Work work) {
    HistoryEvent event = history.invoke(new HistoryEvent(task, user, work, false));
    history.acknowledge(event);
    return event;
  }

  private void answered(String task, int... statuses) {
    HistoryEvent event = history.invoke(new HistoryEvent(task, "ada", Work.GOOD, false));
    IntStream.of(statuses).forEach(status -> history.answered(event, status));
  }

  private void ran(String task, long begin, long end, Outcome outcome) {
    runs.add(new Run("comfy-1", task, "tab", task, 1, nanos(begin), begin,
      end < 0 ? OptionalLong.empty() : OptionalLong.of(nanos(end)), outcome));
  }

  private void reported(String task, TaskState state, int attempts, long finishedAt) {
    reported.put(task, List.of(new ReportedOutcome("node-1", state, attempts, finishedAt, "")));
  }

  private List<String> broken(Invariant promise) {
    return promise.check(evidence()).violations().stream().map(Violation::task).toList();
  }

  private Evidence evidence() {
    return evidence(new Audits(1, 0, List.of(), List.of(), List.of()));
  }

  private Evidence evidence(Audits audits) {
    return new Evidence(history, runs, reported, faults, audits, Duration.ZERO, task -> "");
  }

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }
}
