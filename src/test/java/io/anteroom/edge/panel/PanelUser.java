package io.anteroom.edge.panel;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.WholeNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A student's page as far as its panel goes; fails a test as the page would fail: on any answer out of shape. */
final class PanelUser {
  /** What the newest page reads; its schema takes no others. */
  private static final Set<String> STATUSES = Set.of("pending", "in_progress", "completed", "failed", "cancelled");

  private final Student student;
  private final String page;

  PanelUser(WholeNode node, String name) {
    this.student = new Student(name);
    this.page = node.page(name);
  }

  Answer get(String path) {
    return student.get(page + path);
  }

  Answer post(String path, JsonObject body) {
    return student.post(page + path, body.encode());
  }

  Answer post(String path, String body) {
    return student.post(page + path, body);
  }

  /** The state of the run in the words of Anteroom's own route. */
  String status(String id) {
    String route = "/api/v1/comfy/queue/status/" + id + "?user=" + student.name();
    return student.get(URI.create(page).resolve(route).toString()).json().getString("status");
  }

  /** Where the page's panel shows the run: the names of the lists that have it, as often as they have it. */
  List<String> oldLists(String id) {
    JsonObject queue = get("api/queue").json();
    List<String> lists = new ArrayList<>();
    Stream.of("queue_running", "queue_pending").forEach(list -> queue.getJsonArray(list).stream()
      .filter(tuple -> ((JsonArray) tuple).getString(1).equals(id))
      .forEach(found -> lists.add(list)));
    if (history().containsKey(id)) {
      lists.add("history");
    }
    return lists;
  }

  JsonObject history() {
    JsonObject history = get("api/history?max_items=64").json();
    history.forEach(entry -> {
      JsonObject ended = (JsonObject) entry.getValue();
      assertThat(ended.getJsonArray("prompt").getString(1)).isEqualTo(entry.getKey());
      assertThat(ended.getJsonArray("prompt").getValue(0)).isInstanceOf(Number.class);
      assertThat(ended.getJsonObject("status").getString("status_str")).isIn("success", "error");
      assertThat(ended.getJsonObject("outputs")).isNotNull();
    });
    return history;
  }

  long numberInHistory(String id) {
    return history().getJsonObject(id).getJsonArray("prompt").getLong(0);
  }

  /** The state of the run in the lists that newer pages ask for; fails when it stands in more than one, or in none. */
  String jobState(String id) {
    List<JsonObject> found = Stream.of("in_progress,pending", "completed,failed,cancelled")
      .flatMap(statuses -> jobs("?status=" + statuses + "&limit=200&offset=0").stream())
      .filter(job -> job.getString("id").equals(id)).toList();
    assertThat(found).as("a run stands in exactly one list").hasSize(1);
    return found.get(0).getString("status");
  }

  /** The jobs that a query asks for, each as strictly read as the page reads it. */
  List<JsonObject> jobs(String query) {
    JsonObject answer = get("api/jobs" + query).json();
    JsonObject pagination = answer.getJsonObject("pagination");
    assertThat(pagination.getValue("offset")).isInstanceOf(Number.class);
    assertThat(pagination.getValue("limit")).isInstanceOf(Number.class);
    assertThat(pagination.getValue("total")).isInstanceOf(Number.class);
    assertThat(pagination.getValue("has_more")).isInstanceOf(Boolean.class);
    List<JsonObject> jobs = answer.getJsonArray("jobs").stream().map(JsonObject.class::cast).toList();
    Set<String> ids = new HashSet<>();
    jobs.forEach(job -> {
      readable(job);
      assertThat(ids.add(job.getString("id"))).isTrue();
    });
    return jobs;
  }

  static void readable(JsonObject job) {
    assertThat(job.getValue("id")).isInstanceOf(String.class);
    assertThat(job.getString("status")).isIn(STATUSES);
    assertThat(job.getValue("create_time")).isInstanceOf(Number.class);
    assertThat(job.getValue("priority")).isInstanceOf(Number.class);
    if (job.containsKey("execution_error")) {
      JsonObject error = job.getJsonObject("execution_error");
      assertThat(Stream.of("node_id", "node_type", "exception_message", "exception_type").map(error::getValue))
        .allMatch(String.class::isInstance);
      assertThat(error.getValue("traceback")).isInstanceOf(JsonArray.class);
    }
  }
}
