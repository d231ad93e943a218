package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes in wrong, or at the wrong moment, gets a clear error, and nothing is lost by it. */
class TroubleIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Student STUDENT = new Student("s1");
  private static TestCluster lab;
  private static NodeProcess node;

  @BeforeAll
  static void start() {
    lab = TestCluster.of(2);
    node = lab.nodes(1).get(0);
  }

  @AfterAll
  static void close() {
    lab.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{\"prompt\":            | 400 | not_json",
    "[1, 2]                  | 400 | not_an_object",
    "{}                      | 400 | no_prompt",
    "{\"prompt\":[]}         | 400 | invalid_prompt",
    "{\"prompt\":{},\"prompt_id\":\"x\"}       | 400 | invalid_prompt_id",
    "{\"prompt\":{},\"client_id\":[1]}         | 400 | invalid_client_id",
    "{\"prompt\":{},\"extra_data\":7}          | 400 | invalid_extra_data"})
  void aBadBodyIsRefusedInComfyUisShape(String body, int status, String type) {
    Answer answer = STUDENT.post(node.url() + "/u/s1/api/prompt", body);

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().getJsonObject("error").getString("type")).isEqualTo(type);
    assertThat(answer.json().getJsonObject("error").getJsonObject("extra_info").getString("message_zh")).isNotEmpty();
    assertThat(answer.json().getJsonObject("node_errors")).isEmpty();
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithTheLimit() {
    Answer answer = STUDENT.post(node.url() + "/u/s1/api/prompt", "{\"a\":\"" + "x".repeat(101 * 1024 * 1024) + "\"}");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().getJsonObject("error").getString("message")).contains("http.body_limit");
  }

  @Test
  void nobodysPageSaysThatThereIsNobody() {
    Answer answer = STUDENT.get(node.url() + "/u/nobody/");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().getJsonObject("error").getString("type")).isEqualTo("unknown_user");
    assertThat(answer.json().getJsonObject("error").getString("message")).contains("nobody");
  }

  @Test
  void aRepeatedSubmitIsTheSameTaskAndAnotherUsersIdIsRefused() {
    String body = "{\"prompt_id\":\"9a2f6c1e-0000-4000-8000-00000000000%d\",\"prompt\":%s}";
    String mine = body.formatted(1, Workflows.lasting(0.2).encode());

    String first = STUDENT.post(node.url() + "/u/s1/api/prompt", mine).taskId();

    assertThat(STUDENT.post(node.url() + "/u/s1/api/prompt", mine).taskId()).isEqualTo(first);
    assertThat(STUDENT.post(node.url() + "/u/s2/api/prompt", mine).status()).isEqualTo(409);
    awaitState(first, "completed");
    assertThat(lab.ledger().runsOf(first)).hasSize(1);
  }

  @Test
  void whileAnInstanceIsDownItsPageSaysSoAndItsTasksAreKept() {
    done(lab.instance(1).goDown());
    Student other = new Student("s2");

    Answer page = other.get(node.url() + "/u/s2/api/system_stats");
    String task = other.run(node, Workflows.lasting(0.2)).taskId();

    assertThat(page.status()).isEqualTo(502);
    assertThat(page.json().getJsonObject("error").getString("type")).isEqualTo("instance_down");
    done(lab.instance(1).comeUp());
    await().atMost(TIMEOUT).until(() -> "completed".equals(other.status(node, task).getString("status")));
  }

  @Test
  void whileRedisIsDownNothingIsAcceptedAndNothingAcceptedIsLost() {
    String before = STUDENT.run(node, Workflows.lasting(2)).taskId();
    String waiting = STUDENT.run(node, Workflows.lasting(0.2)).taskId();

    lab.redis().down();
    Answer refused = STUDENT.run(node, Workflows.lasting(0.2));
    lab.redis().up();

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.retryAfter()).isNotEmpty();
    assertThat(refused.json().getJsonObject("error").getString("type")).isEqualTo("queue_unavailable");
    awaitState(before, "completed");
    awaitState(waiting, "completed");
    assertThat(lab.ledger().ranTwice()).isEmpty();
  }

  private static void awaitState(String task, String state) {
    await().atMost(TIMEOUT).ignoreExceptions()
      .until(() -> state.equals(STUDENT.status(node, task).getString("status")));
  }
}
