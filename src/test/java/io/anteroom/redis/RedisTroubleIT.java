package io.anteroom.redis;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault.Kind;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.Retry;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that answers but does not do what it is asked: who is told what, and what goes on all the same. */
class RedisTroubleIT extends QueueScenarios {
  private static final Outcome DONE = Outcome.completed("{}");

  private RedisTransport link;

  @BeforeEach
  void connect() {
    link = new RedisTransport(lab.vertx, lab.redis.access(), RedisTransport.TIMEOUT);
  }

  @AfterEach
  void mend() {
    done(link.close());
    lab.redis.ask("CONFIG", "SET", "replica-serve-stale-data", "yes");
    lab.redis.isMaster();
    lab.redis.hasRoom();
    until(() -> done(lab.queue.reachable()));
  }

  @Test
  void aFullStoreTakesNoNewTaskAndSaysWhatToDo() {
    lab.redis.isFull();

    ApiException refusal = refusal(lab.queue.submit(task()));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    assertThat(refusal.english()).contains("full").contains("maxmemory").contains("not stored");
    assertThat(refusal.chinese()).contains("已满").contains("maxmemory");
  }

  @Test
  void whatWasAcceptedGoesOnInAFullStoreToItsEnd() {
    TaskId cancelled = lab.submits("alice");
    lab.submits("bob");
    Claim handedOver = lab.claims().orElseThrow();
    Claim claim = lab.claims().orElseThrow();
    TaskId waiting = lab.submits(claim.user());
    lab.redis.isFull();

    assertThat(done(lab.queue.beginSubmit(claim))).isTrue();
    assertThat(done(lab.queue.markAccepted(claim))).isTrue();
    assertThat(done(lab.queue.renew(List.of(claim))).lost()).isEmpty();
    assertThat(done(lab.queue.reattempt(claim, "lost"))).isEqualTo(Retry.IN_PLACE);
    done(lab.queue.setInstanceState(claim.instance(), InstanceState.DOWN, "down"));
    done(lab.queue.setInstanceState(claim.instance(), InstanceState.UP, ""));
    assertThat(done(lab.queue.finish(claim, DONE, true)).next().orElseThrow().id()).isEqualTo(waiting);
    done(lab.queue.handOver(List.of(handedOver)));
    Claim adopted = done(lab.queue.adopt("other", 1)).get(0);
    assertThat(lab.faults(adopted, Kind.REFUSED)).isFalse();
    assertThat(lab.status(adopted.id()).state()).isEqualTo(TaskState.QUEUED);
    done(lab.queue.cancel(cancelled, "alice"));
    done(lab.queue.forget(claim.user(), List.of(claim.id())));
    assertThat(done(lab.queue.status(cancelled)).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(done(lab.queue.status(claim.id()))).isEmpty();
  }

  @Test
  void whatAReadOnlyReplicaRefusesIsToldAsThat() {
    lab.redis.losesItsMaster();

    ApiException refusal = refusal(lab.queue.submit(task()));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    assertThat(refusal.details()).contains("replica that takes no writes");
  }

  @Test
  void aReadOnlyReplicaIsLeftForTheMaster() {
    String before = lineOf(link);
    lab.redis.losesItsMaster();

    refused(link.run(LuaScript.CLAIM, List.of("node")));

    until(() -> !List.of(before, "").contains(lineOf(link)));
  }

  @Test
  void aReplicaWithoutItsMasterIsLeftForTheMaster() {
    String before = lineOf(link);
    lab.redis.losesItsMaster();
    lab.redis.ask("CONFIG", "SET", "replica-serve-stale-data", "no");

    assertThat(refusal(lab.queue.list("alice")).details()).contains("lost its master");
    refused(link.run(LuaScript.LIST, List.of("alice")));

    lab.redis.isMaster();
    until(() -> !List.of(before, "").contains(lineOf(link)));
  }

  @Test
  void whatIsRefusedForOtherReasonsLeavesTheLineAlone() {
    String before = lineOf(link);
    lab.redis.isFull();

    refused(link.run(LuaScript.SUBMIT, List.of(TaskId.random().value(), "alice", "a", "0", "tab", "body", "")));

    assertThat(lineOf(link)).isEqualTo(before);
  }

  @Test
  void whileSomebodyElsesScriptRunsTheQueueSaysSoAndGoesOnAfterwards() {
    lab.redis.isBusy();
    until(() -> refusal(lab.queue.submit(task())).details().contains("script"));

    lab.redis.isFree();

    until(() -> done(lab.queue.list("alice").map(true).otherwise(false)));
    assertThat(lab.submits("alice")).isNotNull();
  }

  /** Redis' number of the connection; empty while there is none. */
  private static String lineOf(RedisTransport link) {
    return done(link.send(Request.cmd(Command.create("CLIENT")).arg("ID")).map(Response::toString).otherwise(""));
  }

  private static void refused(Future<?> answer) {
    assertThat(done(answer.map(false).otherwise(true))).isTrue();
  }

  private static Submission task() {
    return new Submission(TaskId.random(), "alice", "a", false, "tab", "body", "");
  }
}
