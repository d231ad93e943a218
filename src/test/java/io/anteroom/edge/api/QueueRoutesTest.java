package io.anteroom.edge.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Cancel;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.Statuses;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueRoutesTest {
  private static final String QUEUE = "/api/v1/comfy/queue";
  private static final String STATUS = QUEUE + "/status/" + Statuses.ID + "?user=alice";

  private final EdgeFixture house = new EdgeFixture();
  private final List<AboutTask> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aWaitingTaskIsWrittenWithItsPlace() {
    statusIs(Statuses.waiting("alice", 3));

    assertThat(house.get(STATUS).json()).isEqualTo(new JsonObject("""
      {"task_id":"%1$s","prompt_id":"%1$s","status":"queued","number":7,"position":3,"ahead":2,"blocked":"",
       "blocked_zh":"","outage":null,"eta_seconds":{"low":91,"high":180},"progress":null,
       "submitted_at":"2026-11-23T08:00:00Z","started_at":null,
       "finished_at":null,"instance":"","attempts":0,"error":null,"outputs":null,
       "outputs_left_out":false}""".formatted(Statuses.ID)));
  }

  @Test
  void aRunningTaskIsWrittenWithItsProgress() {
    statusIs(Statuses.running("alice"));

    JsonObject task = house.get(STATUS).json();

    assertThat(task.getJsonObject("progress"))
      .isEqualTo(new JsonObject().put("value", 3.0).put("max", 20.0).put("node", "5"));
    assertThat(task.getString("started_at")).isEqualTo("2026-11-23T08:00:05Z");
    assertThat(task.getString("instance")).isEqualTo("gpu-01");
  }

  @Test
  void anEndedTaskIsWrittenWithWhatItMadeAndWhatWentWrong() {
    statusIs(Statuses.failed("alice"));

    JsonObject task = house.get(STATUS).json();

    assertThat(task.getJsonObject("error")).isEqualTo(new JsonObject().put("type", "value_not_in_list")
      .put("message", "no such model").put("details", "node 4"));
    assertThat(task.getJsonObject("outputs").getJsonObject("9")).isNotNull();
    assertThat(task.getString("finished_at")).isEqualTo("2026-11-23T08:00:09Z");
  }

  @Test
  void whatTheAskerHasIsNotSentAgain() {
    statusIs(Statuses.waiting("alice", 3));

    String tag = house.get(STATUS).header("ETag");
    Reply again = house.get(STATUS + "&wait=25", "If-None-Match", "W/" + tag);

    assertThat(again.status()).isEqualTo(304);
    assertThat(again.header("ETag")).isEqualTo(tag).isEqualTo("\"v3\"");
    assertThat(asked).extracting(AboutTask::when)
      .containsExactly(When.NOW, new When("v3", Duration.ofSeconds(25)));
    assertThat(house.get(STATUS, "If-None-Match", "\"v2\"").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?user=a%zz", "?user=alice&x=%", "?user=%e"})
  void aQueryThatCannotBeDecodedIsTheAskersFault(String query) {
    Reply answer = house.get(QUEUE + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"31", "-1", "x", "1.5", "", "99999999999999999999"})
  void aWaitOutsideItsRangeIsRefused(String wait) {
    Reply answer = house.get(STATUS + "&wait=" + wait);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("0 to 30");
  }

  @Test
  void ownTasksAreListed() {
    house.bus.serve(StatusServices.USER, about ->
      Future.succeededFuture(new Answer(List.of(Statuses.waiting(about.user(), 1)), "v1", 3)));

    Reply answer = house.get(QUEUE + "?user=%E5%BC%A0%E4%B8%89");

    assertThat(answer.json().getJsonArray("tasks")).hasSize(1);
    assertThat(answer.json().getString("version")).isEqualTo("v1");
  }

  @Test
  void aTaskIsCancelledInTheNameOfTheOneWhoAsks() {
    List<Cancel> cancelled = new CopyOnWriteArrayList<>();
    house.bus.serve(SubmissionServices.CANCEL, cancel -> {
      cancelled.add(cancel);
      return Future.succeededFuture(Statuses.waiting("alice", 1));
    });

    Reply answer = house.ask(HttpMethod.DELETE, QUEUE + "/" + Statuses.ID + "?user=alice", Buffer.buffer());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("task_id")).isEqualTo(Statuses.ID.value());
    assertThat(cancelled).containsExactly(new Cancel("alice", Statuses.ID));
  }

  @Test
  void aTaskThatIsNotThereIsUnknown() {
    house.bus.serve(StatusServices.TASK, about -> Future.succeededFuture(new Answer(List.of(), "", 3)));

    assertThat(house.get(STATUS).error()).isEqualTo("unknown_task");
    assertThat(house.get(QUEUE + "/status/none?user=alice").error()).isEqualTo("unknown_task");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/comfy/queue, unknown_user", "GET, /api/v1/comfy/queue?user=nobody, unknown_user",
    "GET, /api/v1/comfy/queue/a/b?user=alice, unknown_path", "GET, /api/v1/comfy/queues, unknown_path",
    "PUT, /api/v1/comfy/queue?user=alice, method_not_allowed",
    "GET, /api/v1/comfy/queue/execute?user=alice, method_not_allowed",
    "POST, /api/v1/comfy/queue/status/x?user=alice, method_not_allowed",
  })
  void whatDoesNotFitIsRefusedAsJson(HttpMethod method, String uri, String error) {
    Reply answer = house.ask(method, uri, Buffer.buffer());

    assertThat(answer.error()).isEqualTo(error);
    assertThat(answer.header("Allow") != null).isEqualTo(answer.status() == 405);
  }

  private void statusIs(TaskStatus task) {
    house.bus.serve(StatusServices.TASK, about -> {
      asked.add(about);
      return Future.succeededFuture(new Answer(List.of(task), "v" + task.position(), 3));
    });
  }
}
