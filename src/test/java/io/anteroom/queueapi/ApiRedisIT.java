package io.anteroom.queueapi;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refused;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Tasks.lab;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Cancel;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.status.StatusVerticle;
import io.anteroom.support.Payloads;
import io.anteroom.support.TestSettings;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue API on a real Redis: one place, ann and ben with an instance each, three waiting tasks each. */
class ApiRedisIT {
  private static final TestRedis REDIS = TestRedis.start();
  private static final Vertx VERTX = Vertx.vertx();
  private static final Bus BUS = new Bus(VERTX);
  private static final RedisTaskQueue QUEUE = REDIS.queue(VERTX);

  private String api;

  @BeforeAll
  static void deploy() {
    done(VERTX.deployVerticle(new StatusVerticle(QUEUE, Duration.ofMillis(200), new MetricsRegistry(),
      Clock.systemUTC())));
  }

  @AfterAll
  static void close() {
    done(QUEUE.close());
    done(VERTX.close());
    REDIS.close();
  }

  @BeforeEach
  void empty() {
    REDIS.flush();
    done(QUEUE.configure(lab(1, "ann", "ben")));
    REDIS.isRecovered(QUEUE);
    Directory directory = new Directory(Stream.of("ann", "ben").map(ApiRedisIT::user).toList(),
      Stream.of("ann", "ben").map(ApiRedisIT::instance).toList());
    api = done(VERTX.deployVerticle(
      new QueueApiVerticle(QUEUE, () -> directory, 1 << 20, TestSettings.PATIENCE, new MetricsRegistry()),
      new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
  }

  /** It would miss in the next test what it has acknowledged in this one. */
  @AfterEach
  void forget() {
    done(VERTX.undeploy(api));
  }

  @Test
  void submittedTaskWaitsWithItsPositionAndItsBodyIsReadyForTheInstance() {
    TaskStatus first = done(submit("ann", body("")));
    TaskStatus second = done(submit("ben", body("")));

    assertThat(first.position()).isEqualTo(1);
    assertThat(second.position()).isEqualTo(2);
    Claim claim = done(QUEUE.claim("node")).orElseThrow();
    assertThat(claim.id()).isEqualTo(first.id());
    JsonObject sent = new JsonObject(Payloads.sent(QUEUE, claim));
    assertThat(sent.getString("prompt_id")).isEqualTo(first.id().value());
    assertThat(sent.getJsonObject("extra_data").getJsonObject("anteroom").getInteger("attempt")).isEqualTo(1);
  }

  @Test
  void taskThatStartsAtOnceIsAnsweredAsRunning() {
    Bus.Registration dispatcher = BUS.serve(DispatchServices.START,
      id -> QUEUE.claim("node").map(new Started.Accepted("{}")));

    TaskStatus status = done(submit("ann", body("")));
    done(dispatcher.unregister());

    assertThat(status.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(status.position()).isZero();
  }

  @Attack(34)
  @Test
  void repeatedSubmitIsTheSameTaskAndOthersCannotTakeItsId() {
    String body = body(",\"prompt_id\":\"" + TaskId.random() + "\"");
    TaskStatus first = done(submit("ann", body));

    assertThat(done(submit("ann", body)).id()).isEqualTo(first.id());
    assertThat(refused(submit("ben", body))).isEqualTo(ApiException.Code.PROMPT_ID_TAKEN);
    assertThat(done(about("ann", When.NOW)).tasks()).extracting(TaskStatus::id).containsOnlyOnce(first.id());
  }

  @Test
  void oneMoreThanTheCapIsRefused() {
    List.of(1, 2, 3).forEach(i -> done(submit("ann", body(""))));

    assertThat(refused(submit("ann", body("")))).isEqualTo(ApiException.Code.TOO_MANY_WAITING);
    assertThat(done(about("ann", When.NOW)).tasks()).hasSize(3);
  }

  @Attack(34)
  @Test
  void frontGoesBeforeOnesOwn() {
    done(submit("ann", body("")));
    TaskStatus front = done(submit("ann", body(",\"front\":true")));

    assertThat(done(about("ann", When.NOW)).tasks().get(0).id()).isEqualTo(front.id());
  }

  @Test
  void cancelClosesTheGapAndIsSeenByWhoWaits() {
    TaskStatus first = done(submit("ann", body("")));
    TaskStatus second = done(submit("ben", body("")));
    String known = done(BUS.request(StatusServices.TASK, new AboutTask("ben", second.id(), When.NOW))).version();
    Future<Answer> held = BUS.request(StatusServices.TASK, new AboutTask("ben", second.id(), otherThan(known)));

    assertThat(refused(cancel("ben", first.id()))).isEqualTo(ApiException.Code.UNKNOWN_TASK);
    assertThat(done(cancel("ann", first.id())).state()).isEqualTo(TaskState.CANCELLED);

    Answer answer = done(held);
    assertThat(answer.tasks().get(0).position()).isEqualTo(1);
  }

  @Test
  void lostHintIsMadeUpForByThePoll() {
    TaskStatus task = done(submit("ann", body("")));
    String known = done(about("ann", When.NOW)).version();
    Future<Answer> held = about("ann", otherThan(known));

    done(QUEUE.claim("node"));

    assertThat(done(held).tasks()).singleElement().satisfies(now -> {
      assertThat(now.id()).isEqualTo(task.id());
      assertThat(now.state()).isEqualTo(TaskState.PROCESSING);
    });
  }

  @Attack(33)
  @Test
  void othersTasksDoNotExist() {
    TaskStatus task = done(submit("ann", body("")));

    assertThat(refused(BUS.request(StatusServices.TASK, new AboutTask("ben", task.id(), When.NOW))))
      .isEqualTo(ApiException.Code.UNKNOWN_TASK);
    assertThat(done(about("ben", When.NOW)).tasks()).isEmpty();
  }

  @Test
  void runningTaskIsStoppedByWhoRunsIt() {
    TaskStatus task = done(submit("ann", body("")));
    Claim claim = done(QUEUE.claim("node")).orElseThrow();

    assertThat(done(cancel("ann", task.id())).state()).isEqualTo(TaskState.PROCESSING);

    until(() -> done(QUEUE.renew(List.of(claim))).cancelled().contains(task.id()));
  }

  private static Future<TaskStatus> submit(String user, String body) {
    return BUS.request(SubmissionServices.SUBMIT, new Submit(user, Via.API, Buffer.buffer(body), TaskQueue.FOR_EVER))
      .map(Submitted::task);
  }

  private static Future<TaskStatus> cancel(String user, TaskId id) {
    return BUS.request(SubmissionServices.CANCEL, new Cancel(user, id));
  }

  private static Future<Answer> about(String user, When when) {
    return BUS.request(StatusServices.USER, new AboutUser(user, when));
  }

  private static When otherThan(String known) {
    return new When(known, Duration.ofSeconds(30));
  }

  private static String body(String more) {
    return "{\"prompt\":{\"9\":{\"class_type\":\"SaveImage\",\"inputs\":{}}}" + more + "}";
  }

  private static User user(String name) {
    return new User(name, name, "", User.Role.STUDENT, name);
  }

  private static Instance instance(String name) {
    return new Instance(name, URI.create("http://127.0.0.1:8188"), name, 1);
  }
}
