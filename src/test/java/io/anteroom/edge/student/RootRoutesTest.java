package io.anteroom.edge.student;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.Statuses;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootRoutesTest {
  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  /** Trap 20: careless workflow nodes ask the root, not the page they are on. */
  @ParameterizedTest
  @CsvSource({
    "/scripts/app.js, /u/alice/, /u/alice/scripts/app.js",
    "/api/view?filename=a%20b, /u/alice/x?y, /u/alice/api/view?filename=a%20b",
    "/extensions/a.js, /api/v1/comfy/proxy/alice/, /api/v1/comfy/proxy/alice/extensions/a.js",
    "/ws, /u/%E5%BC%A0%E4%B8%89/, /u/%E5%BC%A0%E4%B8%89/ws",
  })
  void whatAPageAsksOfTheRootIsLedToItsStudent(String uri, String page, String place) {
    Reply answer = house.get(uri, "Referer", house.origin() + page);

    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.header("Location")).isEqualTo(place);
    assertThat(answer.header("Vary")).isEqualToIgnoringCase("referer");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
  }

  /** Trap 20: also such a run waits its turn. */
  @ParameterizedTest
  @ValueSource(strings = {"/prompt", "/api/prompt", "/api/%70rompt"})
  void aRunAtTheRootIsQueued(String uri) {
    List<Submit> submitted = new CopyOnWriteArrayList<>();
    house.bus.serve(SubmissionServices.SUBMIT, submit -> {
      submitted.add(submit);
      return Future.succeededFuture(new Submitted(Statuses.waiting("alice", 1)));
    });

    Reply answer = house.post(uri, "{}", "Referer", house.origin() + "/u/alice/", "Origin", house.origin());

    assertThat(answer.json().getString("task_id")).isEqualTo(Statuses.ID.value());
    assertThat(submitted).extracting(Submit::user).containsExactly("alice");
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Test
  void otherChangesAtTheRootReachTheStudentsInstance() {
    Reply answer = house.post("/api/settings?x=1", "{}", "Referer", house.origin() + "/u/alice/");

    assertThat(answer.text()).isEqualTo("/api/settings?x=1");
  }

  @Test
  void aPageOfAnUnknownUserLeadsNowhere() {
    assertThat(house.post("/prompt", "{}", "Referer", house.origin() + "/u/nobody/").error()).isEqualTo("unknown_user");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "http://evil.example/u/alice/", "/u/alice/", "http://127.0.0.1/u/alice/", "about:blank", "%%%", "/", "",
  })
  void withoutAPageOfOursTheRootIsRefusedLoudly(String referer) {
    Reply answer = house.get("/scripts/app.js", "Referer", referer);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.error()).isEqualTo("unknown_path");
    assertThat(answer.text()).contains("/u/<name>/");
    assertThat(house.post("/prompt", "{}").status()).isEqualTo(404);
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Test
  void theRootItselfSaysWhereToGo() {
    Reply answer = house.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.text()).contains("/u/&lt;your name&gt;/");
    assertThat(house.get("/", "Accept-Language", "zh").text()).contains("公平排队");
    assertThat(answer.header("Server")).isNull();
  }
}
