package io.anteroom.edge.panel;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Workflows;
import io.anteroom.support.cluster.WholeNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a student's panel shows, asked as the pages of both generations ask, at a whole node. */
class PanelIT {
  private WholeNode node;
  private PanelUser alice;

  @AfterEach
  void stop() {
    node.close();
  }

  /** Trap 13. */
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void eachRunStandsInExactlyOneListInWhateverStateItIs(ComfyVersion version) {
    start(version, "ANTEROOM_TASK_TIMEOUT", "4s");
    String cancelled = node.run("alice", Workflows.lasting(600));
    node.awaitRunning(cancelled);
    alice.post("api/interrupt", new JsonObject().put("prompt_id", cancelled));
    ended(cancelled);
    String completed = ended(node.run("alice", Workflows.lasting(0)));
    String failed = ended(node.run("alice", Workflows.failing(0)));
    String refused = ended(node.runUnchecked("alice", Workflows.unknown()));
    String timedOut = ended(node.run("alice", Workflows.lasting(600)));
    node.timesNothingOutAnyMore();
    String running = node.run("alice", Workflows.lasting(600));
    String waiting = node.run("alice", Workflows.lasting(0));
    node.awaitRunning(running);

    assertThat(alice.oldLists(waiting)).containsExactly("queue_pending");
    assertThat(alice.oldLists(running)).containsExactly("queue_running");
    assertThat(List.of(completed, failed, refused, timedOut, cancelled))
      .allSatisfy(id -> assertThat(alice.oldLists(id)).containsExactly("history"));
    if (version == ComfyVersion.V0_28_0) {
      assertThat(alice.jobState(waiting)).isEqualTo("pending");
      assertThat(alice.jobState(running)).isEqualTo("in_progress");
      assertThat(alice.jobState(completed)).isEqualTo("completed");
      assertThat(List.of(failed, refused, timedOut))
        .allSatisfy(id -> assertThat(alice.jobState(id)).isEqualTo("failed"));
      assertThat(alice.jobState(cancelled)).isEqualTo("cancelled");
    }
  }

  @Test
  void anInstanceThatIsTooOldForJobsSaysSoItself() {
    start(ComfyVersion.V0_3_64);

    assertThat(alice.get("api/jobs?limit=5").status()).isEqualTo(404);
  }

  @Test
  void aJobIsToldWholeInEveryState() {
    start(ComfyVersion.V0_28_0);
    String refused = ended(node.runUnchecked("alice", Workflows.unknown()));
    String completed = ended(node.run("alice", Workflows.lasting(0)));
    String running = node.run("alice", Workflows.lasting(60));
    String waiting = node.run("alice", Workflows.lasting(0));
    node.awaitRunning(running);

    assertThat(job(completed).getJsonObject("outputs").encode()).contains("anteroom");
    assertThat(job(completed).getJsonObject("preview_output").getString("filename")).startsWith("anteroom");
    assertThat(job(refused).getJsonObject("execution_error").getString("exception_message")).contains("NoSuchNode");
    for (String id : List.of(completed, running, waiting)) {
      assertThat(job(id).getJsonObject("workflow").getJsonObject("prompt").getJsonObject("3").getString("class_type"))
        .isEqualTo("SaveImage");
    }
    assertThat(alice.get("api/jobs/00000000-0000-4000-8000-000000000000").status()).isEqualTo(404);
  }

  @Test
  void aWaitingRunIsShownWithItsWorkflowAndWithoutItsSecrets() {
    start(ComfyVersion.V0_28_0);
    node.awaitRunning(node.run("alice", Workflows.lasting(60)));
    alice.post("api/prompt",
      new JsonObject().put("prompt", Workflows.lasting(1)).put("extra_data", extraWithSecrets()));

    JsonArray waiting = alice.get("queue").json().getJsonArray("queue_pending").getJsonArray(0);

    assertThat(waiting.getJsonObject(3).getJsonObject("extra_pnginfo").getJsonObject("workflow").getString("id"))
      .isEqualTo("mine");
    assertThat(waiting.getJsonObject(3).getString("client_id")).isNotBlank();
    assertThat(waiting.getJsonObject(3).getLong("create_time")).isPositive();
    assertThat(waiting.encode()).doesNotContain("a-secret").doesNotContain("\"attempt\"");
    assertThat(alice.get("prompt").json().getJsonObject("exec_info").getInteger("queue_remaining")).isEqualTo(2);
  }

  /** Trap 14. */
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void theNumbersOfWhatHasEndedGrowAlsoOverARestartOfTheInstance(ComfyVersion version) {
    start(version);
    String first = ended(node.run("alice", Workflows.lasting(0)));
    long before = alice.numberInHistory(first);
    done(node.comfy().instance(0).restart());

    String second = ended(node.run("alice", Workflows.lasting(0)));

    assertThat(alice.numberInHistory(second)).isGreaterThan(before);
    assertThat(alice.numberInHistory(first)).as("though its instance has forgotten it").isEqualTo(before);
    assertThat(alice.history().fieldNames()).containsExactly(first, second);
  }

  /** Trap 14, too: the order of the page is the order in which runs will start. */
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void aRunHasTheNumberOfItsAnswerInAllLists(ComfyVersion version) {
    start(version);
    JsonObject running = submitted(60, false);
    node.awaitRunning(running.getString("prompt_id"));
    JsonObject second = submitted(0, false);
    JsonObject first = submitted(0, true);
    List<JsonObject> all = List.of(running, first, second);

    assertThat(all).extracting(answer -> answer.getLong("number")).containsExactly(1L, -3L, 2L);
    assertThat(numbers(alice.get("api/queue").json())).containsExactlyElementsOf(numbers(all));
    assertThat(priorities(version, all)).containsExactlyElementsOf(numbers(all));

    node.comfy().finish(running.getString("prompt_id"));
    all.forEach(answer -> node.awaitEnd(answer.getString("prompt_id")));

    assertThat(alice.history().fieldNames()).containsExactlyElementsOf(ids(all));
    assertThat(ids(all)).extracting(alice::numberInHistory).containsExactlyElementsOf(numbers(all));
    assertThat(priorities(version, all)).containsExactlyElementsOf(numbers(all));
  }

  @Test
  void whatAnInstanceThatIsAwayKnewIsToldFromTheQueue() {
    start(ComfyVersion.V0_28_0);
    String completed = ended(node.run("alice", Workflows.lasting(0)));
    done(node.comfy().instance(0).goDown());

    assertThat(alice.history().getJsonObject(completed).getJsonObject("outputs").encode()).contains("anteroom");
    assertThat(alice.jobState(completed)).isEqualTo("completed");
    assertThat(alice.get("history/" + completed).json().fieldNames()).containsExactly(completed);
    assertThat(alice.jobs("?limit=5")).singleElement()
      .satisfies(job -> assertThat(job.getInteger("outputs_count")).isEqualTo(1));
  }

  /** As its instance told it before; the secrets reached the instance, and stand nowhere else. */
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void anEndedRunCanBeLoadedAsAWorkflowAfterItsInstanceHasForgottenIt(ComfyVersion version) {
    start(version);
    String id = alice.post("api/prompt", new JsonObject().put("prompt", Workflows.lasting(60)).put("client_id", "tab")
      .put("extra_data", extraWithSecrets())).taskId();
    node.awaitRunning(id);
    assertThat(node.redis().ask("GET", "{anteroom}:secrets:" + id).toString()).isNotEmpty().doesNotContain("a-secret");
    node.comfy().finish(id);
    ended(id);
    JsonArray theirs = alice.history().getJsonObject(id).getJsonArray("prompt");
    done(node.comfy().instance(0).restart());

    assertThat(List.of(alice.history(), alice.get("history/" + id).json())).allSatisfy(history -> {
      JsonArray ours = history.getJsonObject(id).getJsonArray("prompt");
      assertThat(List.of(ours.getLong(0), ours.getString(1), ours.getJsonObject(2)))
        .isEqualTo(List.of(theirs.getLong(0), theirs.getString(1), theirs.getJsonObject(2)));
      loadable(ours.getJsonObject(3));
    });
    if (version != ComfyVersion.V0_3_64) {
      assertThat(job(id).getJsonObject("workflow").getJsonObject("prompt")).isEqualTo(theirs.getJsonObject(2));
      loadable(job(id).getJsonObject("workflow").getJsonObject("extra_data"));
    }
    assertThat(node.redis().ask("EXISTS", "{anteroom}:secrets:" + id).toInteger()).isZero();
  }

  private static void loadable(JsonObject extra) {
    assertThat(extra.getJsonObject("extra_pnginfo")).isEqualTo(extraWithSecrets().getJsonObject("extra_pnginfo"));
    assertThat(extra.getString("client_id")).isNotBlank();
    assertThat(extra.getLong("create_time")).isPositive();
    assertThat(extra.encode()).doesNotContain("a-secret").doesNotContain("\"attempt\"");
  }

  private static JsonObject extraWithSecrets() {
    return new JsonObject().put("api_key_comfy_org", "a-secret").put("auth_token_comfy_org", "a-secret")
      .put("extra_pnginfo", new JsonObject().put("workflow", new JsonObject().put("id", "mine")));
  }

  @Test
  void aWaitingRunSaysWhichOutputsWereAskedFor() {
    start(ComfyVersion.V0_28_0);
    node.awaitRunning(node.run("alice", Workflows.lasting(60)));
    String id = alice.post("api/prompt", new JsonObject().put("prompt", Workflows.lasting(0))
      .put("partial_execution_targets", new JsonArray().add("3"))).taskId();

    assertThat(alice.get("api/queue").json().getJsonArray("queue_pending").getJsonArray(0).getJsonArray(4))
      .isEqualTo(new JsonArray().add("3"));
    assertThat(job(id).getJsonObject("workflow").getJsonObject("prompt")).isEqualTo(Workflows.lasting(0));
  }

  @Test
  void theHistoryIsPartedAsComfyUiPartsIt() {
    start(ComfyVersion.V0_28_0);
    List<String> ids = List.of(ended(node.run("alice", Workflows.lasting(0))),
      ended(node.run("alice", Workflows.failing(0))), ended(node.run("alice", Workflows.lasting(0))));

    assertThat(alice.get("history?max_items=2").json().fieldNames()).containsExactly(ids.get(1), ids.get(2));
    assertThat(alice.get("history?max_items=1&offset=1").json().fieldNames()).containsExactly(ids.get(1));
    assertThat(alice.get("history").json().fieldNames()).containsExactlyElementsOf(ids);
    assertThat(alice.get("history?max_items=two").status()).isEqualTo(400);
    assertThat(alice.jobs("?limit=1&offset=1")).singleElement()
      .satisfies(job -> assertThat(job.getString("id")).isEqualTo(ids.get(1)));
    assertThat(alice.get("api/jobs?status=nonsense").status()).isEqualTo(400);
  }

  private JsonObject submitted(double seconds, boolean front) {
    return alice.post("api/prompt",
      new JsonObject().put("prompt", Workflows.lasting(seconds)).put("front", front)).json();
  }

  private static List<Long> numbers(JsonObject queue) {
    return Stream.of("queue_running", "queue_pending").flatMap(list -> queue.getJsonArray(list).stream())
      .map(tuple -> ((JsonArray) tuple).getLong(0)).toList();
  }

  private static List<Long> numbers(List<JsonObject> answers) {
    return answers.stream().map(answer -> answer.getLong("number")).toList();
  }

  private static List<String> ids(List<JsonObject> answers) {
    return answers.stream().map(answer -> answer.getString("prompt_id")).toList();
  }

  /** As newer pages have them, in the list and alone; the numbers themselves where an instance is too old for jobs. */
  private List<Long> priorities(ComfyVersion version, List<JsonObject> answers) {
    if (version == ComfyVersion.V0_3_64) {
      return numbers(answers);
    }
    Map<String, Long> listed = new HashMap<>();
    alice.jobs("?limit=200").forEach(job -> listed.put(job.getString("id"), job.getLong("priority")));
    assertThat(ids(answers)).allSatisfy(id -> assertThat(job(id).getLong("priority")).isEqualTo(listed.get(id)));
    return ids(answers).stream().map(listed::get).toList();
  }

  private void start(ComfyVersion version, String... variables) {
    node = WholeNode.start(version, variables);
    alice = new PanelUser(node, "alice");
  }

  private String ended(String task) {
    node.awaitEnd(task);
    return task;
  }

  private JsonObject job(String id) {
    JsonObject job = alice.get("api/jobs/" + id).json();
    PanelUser.readable(job);
    return job;
  }
}
