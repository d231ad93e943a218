package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.WholeNode;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Those of the twenty traps in ComfyUI's protocol that take a whole node to fall into. The others are tried where their
 * code is; each of these tests names its trap.
 */
class TrapsIT {
  private final Student alice = new Student("alice");
  private WholeNode node;

  @AfterEach
  void stop() {
    node.close();
  }

  /** Trap 4: a page gives up on a submit that is not answered at once, so a full queue must not hold it back. */
  @Test
  void aSubmitIsAnsweredWhileEveryPlaceIsTaken() {
    start(ComfyVersion.V0_28_0);
    node.awaitRunning(node.run("alice", Workflows.lasting(60)));

    Answer answer = submit("{\"prompt\":" + Workflows.lasting(60).encode() + "}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("prompt_id")).isNotBlank();
    assertThat(answer.json().getString("status")).isEqualTo("queued");
    assertThat(node.status(answer.taskId()).state()).isEqualTo(TaskState.QUEUED);
  }

  /** Trap 5: an instance judges a workflow only when it gets it. */
  @Test
  void whatTheInstanceRefusesAfterTheWaitHasFailedOnceAndForAll() {
    start(ComfyVersion.V0_28_0);
    String before = node.run("alice", Workflows.lasting(60));
    node.awaitRunning(before);
    String refused = node.runUnchecked("alice", Workflows.unknown());
    String after = node.run("alice", Workflows.lasting(0));

    node.comfy().finish(before);

    TaskStatus failed = node.awaitEnd(refused);
    assertThat(failed.state()).isEqualTo(TaskState.FAILED);
    assertThat(failed.attempts()).isEqualTo(1);
    assertThat(node.awaitEnd(after).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(node.comfy().ledger().runsOf(refused)).isEmpty();
  }

  /** Trap 6: one id for the page, for us and for ComfyUI, whether it takes any id or only a canonical one. */
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void thePageAndTheInstanceKnowARunByTheSameId(ComfyVersion version) {
    start(version);

    String own = submit("{\"prompt\":%s,\"prompt_id\":null}".formatted(Workflows.lasting(0).encode())).taskId();
    String sent = submit("{\"prompt\":%s,\"prompt_id\":\"ABCDEFAB-0000-4000-8000-00000000000A\"}"
      .formatted(Workflows.lasting(0).encode())).taskId();

    assertThat(sent).isEqualTo("abcdefab-0000-4000-8000-00000000000a");
    assertThat(List.of(own, sent)).allSatisfy(id -> {
      assertThat(node.awaitEnd(id).state()).isEqualTo(TaskState.COMPLETED);
      assertThat(node.comfy().ledger().runsOf(id)).hasSize(1);
    });
  }

  /** Traps 8 and 9: bodies that stop a whole ComfyUI, its worker, or everybody's list of jobs. */
  @ParameterizedTest
  @ValueSource(strings = {
    "\"client_id\":[\"a\"]", "\"client_id\":\"\"", "\"client_id\":5", "\"client_id\":{}", "\"extra_data\":null",
    "\"extra_data\":[]", "\"extra_data\":{\"extra_pnginfo\":null}", "\"extra_data\":{\"extra_pnginfo\":[]}",
    "\"extra_data\":{\"extra_pnginfo\":{\"workflow\":null}}", "\"extra_data\":{\"extra_pnginfo\":{\"workflow\":[1]}}",
    "\"extra_data\":{\"client_id\":[1]}", "\"extra_data\":{\"create_time\":\"x\"}", "\"number\":\"x\"",
    "\"partial_execution_targets\":5",
  })
  void noBodyHarmsAnInstance(String member) {
    start(ComfyVersion.V0_28_0);

    Answer answer = submit("{\"prompt\":%s,%s}".formatted(Workflows.lasting(0).encode(), member));

    assertThat(answer.status()).isIn(200, 400);
    if (answer.status() == 200) {
      assertThat(node.awaitEnd(answer.taskId()).state()).isEqualTo(TaskState.COMPLETED);
    }
    String after = node.run("alice", Workflows.lasting(0));
    assertThat(node.awaitEnd(after).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(alice.get(node.page("alice") + "api/jobs?limit=9").json().getJsonArray("jobs")).isNotEmpty();
    assertThat(alice.get(node.comfy().instance(0).url() + "/api/jobs").status()).isEqualTo(200);
  }

  /** Trap 19: an instance that restarts has forgotten what ran and what waited there. */
  @Test
  void aRestartInTheMiddleOfARunCostsOneAttemptAndNoTask() {
    start(ComfyVersion.V0_28_0);
    String runs = node.run("alice", Workflows.lasting(600));
    String waits = node.run("alice", Workflows.lasting(0));
    node.awaitRunning(runs);

    done(node.comfy().instance(0).restart());
    until(() -> node.comfy().ledger().runsOf(runs).size() == 2);
    node.comfy().finish(runs);

    assertThat(node.awaitEnd(runs).attempts()).isEqualTo(2);
    assertThat(node.awaitEnd(waits).attempts()).isEqualTo(1);
    assertThat(node.comfy().ledger().runsOf(runs)).extracting(run -> run.outcome())
      .containsExactly(Outcome.KILLED, Outcome.SUCCESS);
  }

  /** Trap 19: an instance whose worker has died takes runs and never ends one. */
  @Test
  void aRunThatNeverMovesIsTimedOutAndItsInstanceGetsNoOther() {
    start(ComfyVersion.V0_28_0, "ANTEROOM_TASK_TIMEOUT", "2s");
    done(node.comfy().instance(0).zombie());
    String stuck = node.run("alice", Workflows.lasting(0));
    String next = node.run("alice", Workflows.lasting(0));

    assertThat(node.awaitEnd(stuck).state()).isEqualTo(TaskState.TIMED_OUT);
    until(() -> !node.status(next).blocked().isEmpty());

    done(node.comfy().instance(0).restart());
    assertThat(node.awaitEnd(next).state()).isEqualTo(TaskState.COMPLETED);
  }

  /** Trap 20: what is uploaded and what is shown are at one instance, the student's own, also when it was away. */
  @Test
  void whatAStudentUploadsIsWhereHisPageLooksForIt() {
    start(ComfyVersion.V0_28_0);
    String picture = node.awaitEnd(node.run("alice", Workflows.lasting(0))).outputs();
    String name = new JsonObject(picture).getJsonObject("3").getJsonArray("images").getJsonObject(0)
      .getString("filename");

    done(node.comfy().instance(0).restart());

    assertThat(Stream.of("view?filename=", "api/view?filename=")
      .map(path -> alice.get(node.page("alice") + path + name).status())).containsOnly(200);
    assertThat(new Student("bob").get(node.page("bob") + "view?filename=" + name).status()).isEqualTo(404);
  }

  private void start(ComfyVersion version, String... variables) {
    node = WholeNode.start(version, variables);
  }

  private Answer submit(String body) {
    return alice.post(node.page("alice") + "api/prompt", body);
  }
}
