package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends of runs that no instance tells, or of which nobody heard it tell: the page hears them all the same. */
class SessionEndTest {
  private final SessionFixture house = new SessionFixture(10);

  @AfterEach
  void close() {
    house.close();
  }

  /** What the instance refuses at once is the answer to the submit: there was no run, and nothing is told of one. */
  @Test
  void aRunThatItsInstanceRefusesAtOnceIsRefused() {
    Tab tab = house.tab("erin", "tab");

    JsonObject answer = house.submit("erin", tab.sid(), Workflows.lasting(1));

    assertThat(answer.getJsonObject("error").getString("type")).isEqualTo("prompt_outputs_failed_validation");
    assertThat(answer.getJsonObject("node_errors").fieldNames()).containsExactly("4");
    assertThat(answer.containsKey("task_id")).isFalse();
    String accepted = house.run("alice", "tab", Workflows.lasting(0.1));
    house.lab.awaitEnded(accepted);
    assertThat(tab.told("execution_error")).isEmpty();
    assertThat(tab.remaining()).containsOnly(0);
  }

  /** What the instance refuses when the turn has come is told by us; the text is the instance's own. */
  @Test
  void aRunThatItsInstanceRefusesLaterIsToldAsAnError() {
    try (SessionFixture full = new SessionFixture(1)) {
      String first = full.run("bob", "b", Workflows.lasting(600));
      full.lab.awaitStarted(first);
      Tab tab = full.tab("erin", "tab");
      String task = full.run("erin", tab.sid(), Workflows.lasting(1));
      full.lab.finish(first);

      JsonObject error = tab.hearsTheEndOf(task).told("execution_error").get(0);
      assertThat(error.getString("prompt_id")).isEqualTo(task);
      assertThat(error.getString("node_id")).isEqualTo("4");
      assertThat(error.getString("exception_message")).contains("Prompt outputs failed validation", "no such file");
      until(() -> tab.lastRemaining() == 0);
    }
  }

  /** The network was away for a moment: the page comes again with its id, and knows of its run. */
  @Test
  void anEndThatNoBrowserHeardIsToldToTheNext() {
    Tab tab = house.tab("alice", "");
    String sid = tab.sid();
    String task = house.run("alice", sid, Workflows.lasting(600));
    tab.hears("progress");
    done(tab.socket().close());
    until(() -> house.figure("edge_sockets") == 0);
    house.lab.finish(task);
    until(() -> house.bus.request(StatusServices.TASK, new AboutTask("alice", new TaskId(task), When.NOW))
      .map(answer -> answer.tasks().get(0).state().isFinal()).toCompletionStage().toCompletableFuture().join());

    Tab next = house.tab("alice", sid);

    next.hearsTheEndOf(task);
    assertThat(next.told("execution_success")).hasSize(1);
    assertThat(next.told("executed")).isNotEmpty();
    assertThat(house.tab("alice", sid).hears("status").told("executing")).as("told once").isEmpty();
  }

  /** The stub runs it without a word on its socket. */
  @Test
  void whatARunMadeIsToldWhenNobodyHeardItsInstanceSayIt() {
    Tab tab = house.tab("erin", "");
    house.stub.answers("/queue", request -> request.response().end("{\"queue_running\":[],\"queue_pending\":[]}"));
    house.stub.answers("/prompt", this::runAtOnce);

    String task = house.run("erin", tab.sid(), Workflows.lasting(1));

    tab.hearsTheEndOf(task);
    assertThat(tab.told("executed").get(0).encode()).contains("\"node\":\"9\"", "a.png", task);
    assertThat(tab.told("execution_success").get(0).getString("prompt_id")).isEqualTo(task);
  }

  /** Has it in history before it says that it has it at all. */
  private void runAtOnce(HttpServerRequest request) {
    if (request.method() == HttpMethod.GET) {
      request.response().end("{\"exec_info\":{\"queue_remaining\":0}}");
      return;
    }
    request.body().onSuccess(body -> {
      String id = body.toJsonObject().getString("prompt_id");
      JsonObject entry = new JsonObject()
        .put("outputs", new JsonObject("{\"9\":{\"images\":[{\"filename\":\"a.png\"}]}}"))
        .put("status", new JsonObject("{\"status_str\":\"success\",\"completed\":true,\"messages\":[]}"));
      house.stub.answers("/history/" + id, asked -> asked.response().end(new JsonObject().put(id, entry).encode()));
      request.response().end(new JsonObject().put("prompt_id", id).put("number", 1).encode());
    });
  }
}
