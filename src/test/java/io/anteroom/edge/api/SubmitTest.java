package io.anteroom.edge.api;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.BlockOf;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.bus.SubmissionServices.Upload;
import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.queue.Payload;
import io.anteroom.support.Statuses;
import io.anteroom.support.TestSettings;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitTest {
  private final EdgeFixture house = new EdgeFixture();
  private final List<Submit> submitted = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/u/alice/prompt, PROXY", "/u/alice/api/prompt?x=1, PROXY", "/api/v1/comfy/proxy/alice/api/prompt, PROXY",
    "/u/alice/api/%70rompt, PROXY", "/u/alice//api//prompt, PROXY", "/u/alice/%2Fprompt, PROXY",
    "/api/v1/comfy/queue/execute?user=alice, API",
  })
  void aRunIsQueuedWhicheverWayItIsWritten(String uri, Via via) {
    queueTakesAll();

    Reply answer = house.post(uri, "{\"prompt\":{}}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).isEqualTo(new JsonObject()
      .put("prompt_id", Statuses.ID.value()).put("number", 7).put("node_errors", new JsonObject())
      .put("task_id", Statuses.ID.value()).put("status", "queued").put("position", 3));
    assertThat(submitted).containsExactly(new Submit("alice", via,
      Buffer.buffer("{\"prompt\":{}}"), Instant.EPOCH.plus(SubmissionServices.STORED_WITHIN)));
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Test
  void aRunIsQueuedInWhateverCaseItsMethodIsWritten() {
    queueTakesAll();

    Reply answer = house.ask(HttpMethod.valueOf("pOsT"), "/u/alice/prompt", Buffer.buffer("{}"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(submitted).hasSize(1);
    assertThat(house.comfy.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/api/v1/prompts", "/u/alice//api/v1/%70rompts"})
  void noRunPassesTheQueueByTheWayThatAForkOpened(String uri) {
    Reply answer = house.post(uri, "{}");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(house.comfy.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/api/prompt", "/api/v1/comfy/queue/execute?user=alice"})
  void aRunThatTheScriptCaughtIsCountedApart(String uri) {
    queueTakesAll();

    house.post(uri, "{}", "X-Anteroom-Via", "script", "Origin", house.origin());

    assertThat(submitted).extracting(Submit::via).containsExactly(Via.SCRIPT);
    assertThat(house.tally.read()).containsEntry("edge_submits_script", 1L);
  }

  @Test
  void theBodyIsNotJudgedHere() {
    queueTakesAll();

    house.post("/u/alice/prompt", "not JSON");
    house.post("/u/alice/prompt", "");

    assertThat(submitted).extracting(submit -> submit.body().toString()).containsExactly("not JSON", "");
  }

  /** The bus never carries a large body as a whole: who reads it asks for its blocks, until the submit is answered. */
  @Test
  void aLargeBodyIsFetchedBlockByBlock() {
    String large = "x".repeat(2 * SubmissionServices.BLOCK + 5);
    List<String> blocks = new CopyOnWriteArrayList<>();
    List<Upload> uploads = new CopyOnWriteArrayList<>();
    house.bus.serve(SubmissionServices.SUBMIT, submit -> {
      Upload upload = submit.upload().orElseThrow();
      uploads.add(upload);
      return Payload.inTurn(0, 3, index -> house.bus.request(SubmissionServices.block(upload.owner()),
          new BlockOf(upload.id(), index)).<Void>map(block -> {
            blocks.add(block.toString());
            return null;
          }))
        .compose(read -> Future.failedFuture(ApiException.of(ApiException.Code.BUSY, "read", "read")));
    });

    assertThat(house.post("/u/alice/prompt", large).error()).isEqualTo("busy");

    assertThat(String.join("", blocks)).isEqualTo(large);
    assertThat(uploads.get(0).length()).isEqualTo(large.length());
    Upload gone = uploads.get(0);
    assertThat(done(house.bus.requestIfPresent(SubmissionServices.block(gone.owner()), new BlockOf(gone.id(), 0))))
      .isEmpty();
  }

  @Test
  void aRefusalOfTheQueueIsAnsweredInComfyUisShape() {
    house.bus.serve(SubmissionServices.SUBMIT, submit -> Future.failedFuture(
      ApiException.of(ApiException.Code.TOO_MANY_WAITING, "20 of 20 waiting", "已有 20 个").details("more")));

    Reply answer = house.post("/u/alice/api/prompt", "{}", "Accept-Language", "en-GB,zh;q=0.5");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isNotBlank();
    assertThat(answer.json()).isEqualTo(new JsonObject("""
      {"error":{"type":"too_many_waiting","message":"20 of 20 waiting","details":"more",
       "extra_info":{"message_en":"20 of 20 waiting","message_zh":"已有 20 个"}},"node_errors":{}}"""));
  }

  @Test
  void nobodyBehindTheBusIsSaidClearly() {
    Reply answer = house.post("/u/alice/prompt", "{}");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.error()).isEqualTo("queue_unavailable");
    assertThat(answer.header("Retry-After")).isNotBlank();
  }

  @Test
  void aForeignPageCannotRunAnything() {
    queueTakesAll();

    assertThat(house.post("/u/alice/prompt", "{}", "Origin", "http://evil.example").error())
      .isEqualTo("foreign_origin");
    assertThat(house.post("/api/v1/comfy/queue/execute?user=alice", "{}", "Origin", "null").error())
      .isEqualTo("foreign_origin");
    assertThat(submitted).isEmpty();
  }

  @Test
  void aWorkflowThatIsAnnouncedTooLargeIsRefusedUnread() {
    queueTakesAll();
    HttpClientRequest upload = house.request(HttpMethod.POST, "/u/alice/api/prompt",
      "Content-Length", String.valueOf(TestSettings.BODY_LIMIT + (1 << 20)));
    upload.exceptionHandler(hungUp -> { });
    Future<Reply> reply = Reply.to(upload);
    upload.write(Buffer.buffer("{"));

    Reply answer = done(reply);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.error()).isEqualTo("too_large");
    assertThat(answer.text()).contains("http.body_limit");
    assertThat(submitted).isEmpty();
  }

  @Test
  void aWorkflowThatGrowsTooLargeIsRefusedAndTheSenderCutOff() {
    AtomicBoolean cut = new AtomicBoolean();
    HttpClientRequest upload = house.request(HttpMethod.POST, "/u/alice/api/prompt").setChunked(true);
    upload.exceptionHandler(hungUp -> { });
    Future<Reply> reply = Reply.to(upload);
    upload.connection().closeHandler(closed -> cut.set(true));
    Buffer mebibyte = Buffer.buffer(new byte[1 << 20]);
    for (int i = 0; i < 101; i++) {
      upload.write(mebibyte);
    }

    Reply answer = done(reply);

    assertThat(answer.status()).isEqualTo(413);
    await().atMost(Duration.ofSeconds(60)).untilTrue(cut);
  }

  /** Others are not kept waiting by it. */
  @Test
  void aSecondLargeWorkflowOfOneUserIsTurnedAwayUntilTheFirstIsStored() {
    Promise<Void> stored = Promise.promise();
    AtomicBoolean arrived = new AtomicBoolean();
    house.bus.serve(SubmissionServices.SUBMIT, submit -> {
      arrived.set(true);
      return stored.future().map(new Submitted(Statuses.waiting("alice", 1)));
    });
    int largest = (int) Math.min(Runtime.getRuntime().maxMemory() / 4, TestSettings.BODY_LIMIT);
    HttpClientRequest first = house.request(HttpMethod.POST, "/u/alice/api/prompt");
    Future<Reply> reply = Reply.to(first);
    first.end(Buffer.buffer(new byte[largest]));
    until(arrived::get);

    assertThat(house.post("/u/alice/prompt", "x").error()).isEqualTo("busy");
    HttpClientRequest others = house.request(HttpMethod.POST, "/u/bob/api/prompt");
    Future<Reply> othersReply = Reply.to(others);
    others.end("{}");
    stored.complete();

    assertThat(done(reply).status()).isEqualTo(200);
    assertThat(done(othersReply).status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() ->
      assertThat(house.post("/u/alice/prompt", "x").status()).isEqualTo(200));
  }

  @Test
  void whoeverAsksBeforeSendingAWorkflowIsToldToContinue() {
    queueTakesAll();
    HttpClientRequest upload = house.request(HttpMethod.POST, "/u/alice/prompt", "Expect", "100-continue");
    Future<Reply> reply = Reply.to(upload);
    upload.setChunked(true).continueHandler(go -> upload.end("{}"));
    done(upload.writeHead());

    assertThat(done(reply).status()).isEqualTo(200);
  }

  private void queueTakesAll() {
    house.bus.serve(SubmissionServices.SUBMIT, submit -> {
      submitted.add(submit);
      return Future.succeededFuture(new Submitted(Statuses.waiting(submit.user(), 3)));
    });
  }
}
