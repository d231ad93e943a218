package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.queue.Payload;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of a stored request reaches its instance: all of it, however large, or nothing. */
class RequestsIT {
  private static final String PICTURE = "图x".repeat(3 * Payload.PART);

  private final DispatchFixture fixture = DispatchFixture.start();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aLargeRequestArrivesLetterForLetter() {
    List<String> arrived = new CopyOnWriteArrayList<>();
    int port = done(fixture.vertx().createHttpServer().requestHandler(request -> {
      if (request.method().name().equals("POST")) {
        request.body().onSuccess(body -> {
          arrived.add(request.getHeader("Content-Length") + " " + body.length() + " " + body);
          request.response().setStatusCode(400)
            .end("{\"error\":{\"type\":\"x\",\"message\":\"no\"},\"node_errors\":{}}");
        });
      } else {
        request.response().end("{\"exec_info\":{\"queue_remaining\":0}}");
      }
    }).listen(0, "127.0.0.1")).actualPort();
    fixture.instanceAt(URI.create("http://127.0.0.1:" + port));

    TaskId task = submit(fixture.queue(), new JsonObject());

    await().atMost(Duration.ofSeconds(60)).until(() -> fixture.status(task).state().isFinal());
    String[] parts = arrived.get(0).split(" ", 3);
    assertThat(parts[0]).as("announced").isEqualTo(parts[1]);
    JsonObject sent = new JsonObject(parts[2]);
    assertThat(sent.getString("picture")).isEqualTo(PICTURE);
    assertThat(sent.getJsonObject("extra_data").getJsonObject("anteroom").getInteger("attempt")).isEqualTo(1);
  }

  @Test
  void aLargeRequestRunsOnce() {
    fixture.instances(1, ComfyVersion.V0_28_0);

    TaskId task = submit(fixture.queue(), Workflows.lasting(0.2));

    await().atMost(Duration.ofSeconds(60)).until(() -> fixture.status(task).state().isFinal());
    assertThat(fixture.status(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Two nodes of one lab with different passwords, say. Junk must not reach ComfyUI, and the student must know. */
  @Test
  void aRequestThatWasEncryptedWithAnotherSecretEndsItsTaskAndReachesNoInstance() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    RedisTaskQueue other = new RedisTaskQueue(fixture.vertx(), fixture.access().with(Optional.of("another secret")));

    TaskId task = submit(other, Workflows.lasting(0.2));

    await().atMost(Duration.ofSeconds(60)).until(() -> fixture.status(task).state().isFinal());
    TaskStatus status = fixture.status(task);
    assertThat(status.state()).isEqualTo(TaskState.FAILED);
    assertThat(status.error().map(TaskError::type)).contains("request_unreadable");
    assertThat(status.error().orElseThrow().message()).contains("redis.encryption_secret", "密钥");
    assertThat(fixture.ledger().runsOf(task.value())).isEmpty();
    done(other.close());
  }

  private TaskId submit(TaskQueue queue, JsonObject workflow) {
    TaskId id = TaskId.random();
    PromptRequest body = PromptRequest.of(id, "tab", List.of("\"prompt\":" + workflow.encode(),
      "\"picture\":\"" + PICTURE + "\""), List.of());
    done(queue.submit(new Submission(id, "alice", "comfy-1", false, "tab", body.stored(), "")));
    new Bus(fixture.vertx()).publish(Events.WAKE, null);
    return id;
  }
}
