package io.anteroom.queueapi;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refusal;
import static io.anteroom.support.Awaited.refused;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.within;
import static io.anteroom.support.Tasks.lab;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Cancel;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.comfy.ClientIds;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.QueueApiVerticle.Timeouts;
import io.anteroom.support.Payloads;
import io.anteroom.support.TestSettings;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubmitHandlerTest {
  private static final int BODY_LIMIT = 10_000;
  private static final String ID = "6f0c9e5a-1b2c-4d3e-8f90-0123456789ab";
  private static final String WITH_ID = "{\"prompt\":{},\"prompt_id\":\"" + ID + "\"}";

  private static final Timeouts HASTY =
    new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(50));

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final MetricsRegistry tally = new MetricsRegistry();
  private final MemoryTaskQueue queue = new MemoryTaskQueue(vertx, lab(1, "ann", "ben"), Clock.systemUTC());
  private final Directory directory = new Directory(
    List.of(user("ann", "ann"), user("ben", "ben"), user("lost", "nowhere")),
    List.of(instance("ann"), instance("ben")));
  /** What was told to everybody. */
  private final Queue<Object> told = new ConcurrentLinkedQueue<>();
  private String deployment;

  @BeforeEach
  void deploy() {
    bus.subscribe(Events.TASK, event -> told.add(event.happened()));
    bus.subscribe(Events.WAKE, nothing -> told.add("wake"));
    deploy(TestSettings.PATIENCE);
  }

  private void deploy(Timeouts patience) {
    deployment = done(vertx.deployVerticle(new QueueApiVerticle(queue, () -> directory, BODY_LIMIT, patience, tally),
      new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void storedTaskIsAnswered() {
    TaskStatus status = done(submit("ann", WITH_ID));

    assertThat(status.id().value()).isEqualTo(ID);
    assertThat(status.position()).isEqualTo(1);
    Submission stored = queue.submission(status.id());
    assertThat(stored.user()).isEqualTo("ann");
    assertThat(stored.pool()).isEqualTo("ann");
    assertThat(stored.clientId()).isEqualTo(ClientIds.of("ann", "anteroom-" + ID));
    assertThat(Payloads.text(stored.body())).contains("\"prompt_id\":\"" + ID + "\"").endsWith("\"attempt\":");
  }

  @Test
  void taskThatStartsAtOnceIsAnsweredAsRunning() {
    bus.serve(DispatchServices.START, id -> queue.claim("node").map(new Started.Accepted("{}")));

    TaskStatus status = done(submit("ann", WITH_ID));

    assertThat(status.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(status.position()).isZero();
    assertThat(told).doesNotContain("wake");
  }

  /** What ComfyUI says of a run is the answer, and nothing else is left of the run. */
  @Test
  void aRunThatItsInstanceRefusesIsRefusedAndWasNeverATask() {
    String words = "{\"error\":{\"type\":\"prompt_outputs_failed_validation\"},\"node_errors\":{\"1\":Infinity}}";
    TaskError error = new TaskError("prompt_outputs_failed_validation", "Prompt outputs failed validation", "", words);
    bus.serve(DispatchServices.START, id -> queue.claim("node")
      .compose(claim -> queue.finish(claim.orElseThrow(), Outcome.refused(error), false))
      .map(ending -> ending.rejected() ? new Started.Rejected(error) : new Started.Unknown()));

    ApiException refusal = refusal(submit("ann", WITH_ID));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
    assertThat(refusal.report()).isEqualTo(words);
    assertThat(done(queue.list("ann"))).isEmpty();
    assertThat(tally.read()).containsEntry("queue_refused", 1L).doesNotContainKey("queue_submitted_api");
  }

  /** The answer of the dispatcher got lost: the store still has what the instance said. */
  @Test
  void aRefusalThatWasNotToldInTimeIsFoundInTheStore() {
    done(vertx.undeploy(deployment));
    deploy(HASTY);
    TaskError error = new TaskError("invalid_prompt", "no such node", "", "{\"error\":{}}");
    bus.serve(DispatchServices.START, id -> queue.claim("node")
      .compose(claim -> queue.finish(claim.orElseThrow(), Outcome.refused(error), false))
      .compose(ending -> Future.future(lost -> { })));

    assertThat(refused(submit("ann", WITH_ID))).isEqualTo(ApiException.Code.INVALID_PROMPT);
  }

  /** Who was told that it is stored finds it in the history when its instance refuses it later. */
  @Test
  void aRefusalAfterTheAnswerIsAFailedTask() {
    done(vertx.undeploy(deployment));
    deploy(HASTY);
    Queue<Claim> claims = new ConcurrentLinkedQueue<>();
    bus.serve(DispatchServices.START, id -> queue.claim("node").map(claim -> claims.add(claim.orElseThrow()))
      .compose(claimed -> Future.future(busy -> { })));
    TaskId id = done(submit("ann", WITH_ID)).id();

    TaskError error = new TaskError("invalid_prompt", "no such node");
    boolean rejected = done(queue.finish(claims.remove(), Outcome.refused(error), false)).rejected();

    assertThat(rejected).isFalse();
    assertThat(done(queue.status(id)).orElseThrow().state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void dispatcherThatIsSlowOrAwayHoldsNobodyUpAndAllOthersAreWoken() {
    done(vertx.undeploy(deployment));
    deploy(HASTY);
    bus.serve(DispatchServices.START, id -> Future.future(never -> { }));
    long begun = System.nanoTime();

    TaskStatus status = done(submit("ann", WITH_ID));

    assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(9));
    assertThat(status.state()).isEqualTo(TaskState.QUEUED);
    until(() -> told.contains("wake"));
  }

  /** ComfyUI's page gives up after 15 s, and the way there and the store take their time as well. */
  @Test
  void aPageHasItsAnswerLongBeforeItGivesUpThoughNobodySaysAnything() {
    Settings.Instances instances = TestSettings.node(1, Duration.ofMinutes(1)).instances();
    Timeouts ofPages = Timeouts.ofPages(instances);
    done(vertx.undeploy(deployment));
    done(vertx.deployVerticle(new QueueApiVerticle(queue, () -> directory, BODY_LIMIT, instances, tally)));
    bus.serve(DispatchServices.START, id -> Future.future(never -> { }));

    within(Duration.ofSeconds(5), submit("ann", WITH_ID)::succeeded);

    assertThat(ofPages.start().plus(ofPages.word())).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void fullHouseIsNotAskedToStartAnything() {
    done(submit("ben", "{\"prompt\":{}}"));
    done(queue.claim("node"));
    bus.serve(DispatchServices.START, id -> Future.future(never -> told.add("asked")));

    done(submit("ann", WITH_ID));

    assertThat(told).doesNotContain("asked");
  }

  @Test
  void repeatedSubmitIsTheSameTask() {
    done(submit("ann", WITH_ID));

    TaskStatus again = done(submit("ann", WITH_ID));

    assertThat(again.position()).isEqualTo(1);
    assertThat(done(queue.list("ann"))).hasSize(1);
    assertThat(tally.read()).containsEntry("queue_repeated", 1L).containsEntry("queue_submitted_api", 1L);
  }

  @Test
  void aStoreThatComesBackIsAskedForWhatItHasAcknowledged() {
    TaskId task = done(submit("ann", WITH_ID)).id();

    queue.comesBack(Optional.of("another"));

    within(Duration.ofSeconds(3), () -> queue.mourned().stream().anyMatch(asked -> asked.containsKey(task)));
  }

  @Test
  void whatTheQueueRefusesIsRefused() {
    done(submit("ann", WITH_ID));
    assertThat(refused(submit("ben", WITH_ID))).isEqualTo(ApiException.Code.PROMPT_ID_TAKEN);

    queue.unreachable(true);
    assertThat(refused(submit("ben", "{\"prompt\":{}}"))).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
  }

  @Test
  void nothingIsStoredOfWhatIsRefused() {
    assertThat(refused(submit("nobody", WITH_ID))).isEqualTo(ApiException.Code.UNKNOWN_USER);
    assertThat(refused(submit("lost", WITH_ID))).isEqualTo(ApiException.Code.UNKNOWN_INSTANCE);
    assertThat(refused(submit("ann", "{}"))).isEqualTo(ApiException.Code.NO_PROMPT);
    assertThat(refused(submit("ann", " ".repeat(BODY_LIMIT + 1)))).isEqualTo(ApiException.Code.TOO_LARGE);

    assertThat(done(queue.status(new TaskId(ID)))).isEmpty();
    assertThat(tally.read()).containsEntry("queue_refused", 4L);
  }

  @Test
  void frontAndTabReachTheQueue() {
    done(submit("ann", "{\"prompt\":{},\"front\":true,\"client_id\":\"tab\",\"prompt_id\":\"" + ID + "\"}"));

    Submission stored = queue.submission(new TaskId(ID));

    assertThat(stored.front()).isTrue();
    assertThat(stored.clientId()).isEqualTo(ClientIds.of("ann", "tab"));
  }

  @Test
  void everyWayInIsCountedApart() {
    for (Via via : List.of(Via.SCRIPT, Via.PROXY)) {
      done(bus.request(SubmissionServices.SUBMIT,
        new Submit("ann", via, Buffer.buffer("{\"prompt\":{}}"), TaskQueue.FOR_EVER)));
    }

    assertThat(tally.read()).containsEntry("queue_submitted_script", 1L).containsEntry("queue_submitted_proxy", 1L);
  }

  @Test
  void cancelOfAWaitingTaskEndsIt() {
    done(submit("ann", WITH_ID));

    TaskStatus status = done(cancel("ann"));

    assertThat(status.state()).isEqualTo(TaskState.CANCELLED);
    until(() -> told.contains(Happened.FINISHED));
    assertThat(tally.read()).containsEntry("queue_cancelled", 1L);
  }

  @Test
  void cancelOfARunningTaskIsAskedFor() {
    done(submit("ann", WITH_ID));
    done(queue.claim("node"));

    assertThat(done(cancel("ann")).state()).isEqualTo(TaskState.PROCESSING);
    until(() -> told.contains(Happened.CANCEL_ASKED));
  }

  @Attack(33)
  @Test
  void nobodyCancelsOthersTasks() {
    done(submit("ann", WITH_ID));

    assertThat(refused(cancel("ben"))).isEqualTo(ApiException.Code.UNKNOWN_TASK);
    assertThat(done(queue.status(new TaskId(ID))).orElseThrow().state()).isEqualTo(TaskState.QUEUED);
  }

  private Future<TaskStatus> submit(String user, String body) {
    return bus.request(SubmissionServices.SUBMIT, new Submit(user, Via.API, Buffer.buffer(body), TaskQueue.FOR_EVER))
      .map(Submitted::task);
  }

  private Future<TaskStatus> cancel(String user) {
    return bus.request(SubmissionServices.CANCEL, new Cancel(user, new TaskId(ID)));
  }

  private static User user(String name, String instance) {
    return new User(name, name, "", User.Role.STUDENT, instance);
  }

  private static Instance instance(String name) {
    return new Instance(name, URI.create("http://127.0.0.1:8188"), name, 1);
  }
}
