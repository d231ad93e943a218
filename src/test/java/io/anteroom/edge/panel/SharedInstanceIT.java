package io.anteroom.edge.panel;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.support.Workflows;
import io.vertx.core.json.JsonArray;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trap 18: carol and dave share an instance; dave knows carol's ids and asks for them on every route. */
class SharedInstanceIT extends TwoAtOneInstance {
  private static final List<String> LISTS = List.of("queue", "api/queue", "history", "api/history?max_items=64",
    "api/jobs?limit=200", "api/api/jobs?limit=200", "internal/logs", "internal/logs/raw");

  @Attack(33)
  @Test
  void nobodySeesOnAnyRouteWhatSomebodyElseRuns() {
    String ended = node.run("carol", Workflows.lasting(0));
    node.awaitEnd(ended);
    String runs = node.run("carol", Workflows.lasting(60));
    String waits = node.run("carol", Workflows.lasting(60));
    node.awaitRunning(runs);

    for (String id : List.of(ended, runs, waits)) {
      assertThat(LISTS).allSatisfy(path -> assertThat(dave.get(path).body()).doesNotContain(id));
      assertThat(dave.get("history/" + id).body()).isEqualTo("{}");
      assertThat(dave.get("api/history/" + id).body()).isEqualTo("{}");
      assertThat(dave.get("api/jobs/" + id).status()).isEqualTo(404);
      assertThat(dave.get("api/api/jobs/" + id).status()).isEqualTo(404);
    }
    assertThat(dave.get("api/prompt").json().getJsonObject("exec_info").getInteger("queue_remaining")).isZero();
    assertThat(carol.oldLists(ended)).containsExactly("history");
    assertThat(carol.oldLists(runs)).containsExactly("queue_running");
    assertThat(carol.jobState(waits)).isEqualTo("pending");
  }

  /** The instance itself would stumble over such a body, so an answer without complaint is not the instance's. */
  @Attack(33)
  @Test
  void nobodyFreesTheMemoryOrReadsTheLogsOfAllTheOthers() {
    String noObject = "[]";
    assertThat(direct.post(node.comfy().instance(SHARED).url() + "/free", noObject).status()).isEqualTo(500);

    for (String path : List.of("free", "api/free", "api/%66ree")) {
      assertThat(dave.post(path, noObject).status()).as(path).isEqualTo(200);
    }
    assertThat(dave.get("internal/logs/raw").json().getJsonArray("entries")).isEqualTo(new JsonArray());
  }

  /** ComfyUI lists everybody's pictures; their names are all that it takes to see them. */
  @Attack(33)
  @Test
  void theListOfOutputFilesNamesTheStudentsOwn() {
    String ended = node.run("carol", Workflows.lasting(0));
    node.awaitEnd(ended);
    String ofTheInstance = direct.get(node.comfy().instance(SHARED).url() + "/internal/files/output").body();

    assertThat(new JsonArray(carol.get("internal/files/output").body()))
      .isEqualTo(new JsonArray(ofTheInstance)).hasSize(1);
    assertThat(new JsonArray(carol.get("internal/files/temp").body())).isEmpty();
    for (String path : List.of("internal/files/output", "internal//files/output", "internal/files/%6futput")) {
      assertThat(dave.get(path).body()).as(path).isEqualTo("[]");
    }
  }

  @Test
  void whatRanWithoutTheQueueIsNobodysOnASharedInstance() {
    String id = runWithoutTheQueue(SHARED, 0);
    node.comfy().awaitEnded(id);

    assertThat(LISTS).allSatisfy(path -> assertThat(dave.get(path).body()).doesNotContain(id));
    assertThat(dave.get("api/jobs/" + id).status()).isEqualTo(404);
    assertThat(dave.get("history/" + id).body()).isEqualTo("{}");
  }
}
