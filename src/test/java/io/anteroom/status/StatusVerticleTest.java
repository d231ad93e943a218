package io.anteroom.status;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refused;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.untilAsserted;
import static io.anteroom.support.Awaited.within;
import static io.anteroom.support.Tasks.lab;
import static io.anteroom.support.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusVerticleTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final When LONG = new When("", Duration.ofSeconds(30));

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final MetricsRegistry metrics = new MetricsRegistry();
  private final MemoryTaskQueue queue = new MemoryTaskQueue(vertx, lab(1, "ann", "ben"), Clock.systemUTC());
  private final TaskId id = TaskId.random();

  @BeforeEach
  void submitOne() {
    done(queue.submit(task(id, "ann")));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void answersAtOnceWithoutATimeout() {
    deploy(NEVER);

    Answer answer = done(ask("ann", When.NOW));

    assertThat(answer.tasks()).singleElement().extracting(TaskStatus::position).isEqualTo(1);
  }

  @Test
  void othersTasksDoNotExist() {
    deploy(NEVER);

    assertThat(refused(ask("ben", When.NOW))).isEqualTo(ApiException.Code.UNKNOWN_TASK);
    assertThat(refused(bus.request(StatusServices.TASK, new AboutTask("ann", TaskId.random(), LONG))))
      .isEqualTo(ApiException.Code.UNKNOWN_TASK);
  }

  @Test
  void answersAtOnceWhenTheClientHasAnotherVersion() {
    deploy(NEVER);
    String old = done(ask("ann", When.NOW)).version();
    done(queue.claim("node"));

    Answer answer = done(ask("ann", new When(old, Duration.ofSeconds(30))));

    assertThat(answer.version()).isNotEqualTo(old);
    assertThat(answer.tasks().get(0).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void endedTaskIsAnsweredAtOnceWhateverTheClientKnows() {
    deploy(NEVER);
    Claim claim = done(queue.claim("node")).orElseThrow();
    done(queue.finish(claim, Outcome.completed("{}"), false));
    String known = done(ask("ann", When.NOW)).version();

    assertThat(done(ask("ann", new When(known, Duration.ofSeconds(30)))).version()).isEqualTo(known);
  }

  @Test
  void aHintReleasesThePollsThatWait() {
    deploy(NEVER);
    Future<Answer> task = held(() -> ask("ann", LONG));
    Future<Answer> user = held(() -> bus.request(StatusServices.USER, new AboutUser("ann", LONG)));

    done(queue.claim("node"));
    publish(Happened.STARTED, TaskState.PROCESSING);

    assertThat(done(task).tasks().get(0).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(done(user).tasks().get(0).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void changesInARowAreReportedWithinASecondEach() {
    deploy(NEVER);
    Future<Answer> first = held(() -> ask("ann", LONG));
    Claim claim = done(queue.claim("node")).orElseThrow();

    within(Duration.ofSeconds(1), () -> {
      publish(Happened.STARTED, TaskState.PROCESSING);
      return first.succeeded();
    });

    Future<Answer> second = held(() -> ask("ann", new When(first.result().version(), LONG.timeout())));
    done(queue.finish(claim, Outcome.completed("{}"), false));
    within(Duration.ofSeconds(1), () -> {
      publish(Happened.FINISHED, TaskState.COMPLETED);
      return second.succeeded();
    });
  }

  @Test
  void lostHintIsMadeUpForByThePoll() {
    deploy(Duration.ofMillis(50));
    Future<Answer> answer = held(() -> ask("ann", LONG));

    done(queue.claim("node"));

    assertThat(done(answer).tasks().get(0).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void aHintWithoutAChangeAnswersNoPoll() {
    deploy(NEVER);
    Future<Answer> answer = held(() -> ask("ann", LONG));
    int before = queue.reads();

    publish(Happened.SUBMITTED, TaskState.QUEUED);
    until(() -> queue.reads() > before);

    assertThat(answer.isComplete()).isFalse();
  }

  @Test
  void theTimeoutEndsWithTheSameVersion() {
    deploy(NEVER);
    String known = done(ask("ann", When.NOW)).version();

    Answer answer = done(ask("ann", new When(known, Duration.ofMillis(50))));

    assertThat(answer.version()).isEqualTo(known);
    assertThat(metrics.read()).containsEntry("status_watchers", 0L);
  }

  @Test
  void manyHintsAndPollsLeadToFewReads() {
    deploy(NEVER);
    IntStream.range(0, PendingPolls.MAX_POLLS_PER_USER).forEach(i -> held(() -> ask("ann", LONG)));
    int before = queue.reads();

    long begun = System.nanoTime();
    IntStream.range(0, 1000).forEach(i -> publish(Happened.SUBMITTED, TaskState.QUEUED));
    until(() -> queue.reads() > before);
    done(ask("ann", When.NOW));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);

    assertThat((long) queue.reads() - before).isLessThanOrEqualTo(3 + millis / LongPollHandler.MIN_INTERVAL_MILLIS);
  }

  @Test
  void progressIsNewsWhileTheTaskRuns() {
    deploy(NEVER);
    done(queue.claim("node"));
    Future<Answer> answer = held(() -> ask("ann", LONG));

    Optional<Progress> made = Optional.of(new Progress(3, 20, "7"));
    bus.publish(Events.TASK, new TaskEvent(id, "ann", Happened.PROGRESSED, TaskState.PROCESSING, "ann", made));

    assertThat(done(answer).tasks().get(0).progress()).isEqualTo(made);
  }

  @Test
  void estimateComesFromTasksThatCompleted() {
    deploy(NEVER);
    IntStream.range(0, DurationEstimator.MIN_RUNS).forEach(i -> complete());
    done(queue.submit(task(TaskId.random(), "ann")));

    untilAsserted(() -> assertThat(
      done(bus.request(StatusServices.USER, new AboutUser("ann", When.NOW))).tasks().get(0).estimate()).isPresent());
  }

  private void complete() {
    Claim claim = done(queue.claim("node")).orElseThrow();
    done(queue.finish(claim, Outcome.completed("{}"), false));
    bus.publish(Events.TASK, new TaskEvent(claim.id(), "ann", Happened.FINISHED, TaskState.COMPLETED, "ann"));
    done(queue.submit(task(TaskId.random(), "ann")));
  }

  @Test
  void longPollsOfOneUserAreHeldUpToACap() {
    deploy(NEVER);
    IntStream.range(0, PendingPolls.MAX_POLLS_PER_USER).forEach(i -> held(() -> ask("ann", LONG)));

    assertThat(refused(ask("ann", LONG))).isEqualTo(ApiException.Code.BUSY);
    When brief = new When("", Duration.ofMillis(1));
    assertThat(done(bus.request(StatusServices.USER, new AboutUser("ben", brief))).tasks()).isEmpty();
  }

  @Test
  void aStoreThatIsAwayLeavesPollsOpenAndRefusesNewOnes() {
    deploy(Duration.ofMillis(50));
    Future<Answer> answer = held(() -> ask("ann", LONG));

    queue.unreachable(true);
    assertThat(refused(ask("ann", When.NOW))).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    assertThat(answer.isComplete()).isFalse();
    queue.unreachable(false);
    done(queue.claim("node"));

    assertThat(done(answer).tasks().get(0).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void theEndOfTheVerticleAnswersThePollsThatWait() {
    String deployment = deploy(NEVER);
    Future<Answer> answer = held(() -> ask("ann", LONG));

    done(vertx.undeploy(deployment));

    assertThat(done(answer).tasks().get(0).state()).isEqualTo(TaskState.QUEUED);
  }

  private String deploy(Duration pollInterval) {
    return done(vertx.deployVerticle(new StatusVerticle(queue, pollInterval, metrics, Clock.systemUTC())));
  }

  private Future<Answer> ask(String user, When when) {
    return bus.request(StatusServices.TASK, new AboutTask(user, id, when));
  }

  /** The same answer, once it is certain that it is held back. */
  private Future<Answer> held(Supplier<Future<Answer>> question) {
    long before = metrics.read().get("status_watchers");
    Future<Answer> answer = question.get();
    until(() -> answer.isComplete() || metrics.read().get("status_watchers") > before);
    assertThat(answer.isComplete()).isFalse();
    return answer;
  }

  private void publish(Happened happened, TaskState state) {
    bus.publish(Events.TASK, new TaskEvent(id, "ann", happened, state, ""));
  }
}
