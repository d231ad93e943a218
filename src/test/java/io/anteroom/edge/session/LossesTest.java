package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost between a page and its instance, or left out of an answer, is told to the student. */
class LossesTest {
  private static final int FRAME = 17 << 20;

  /** In one frame, which the library refuses, or in parts, which we do; then all goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageThatIsTooLongIsToldToThePage(boolean inParts) {
    try (SessionFixture house = new SessionFixture(10)) {
      Tab tab = house.tab("erin", "tab");
      ServerWebSocket comfy = house.stub.socket(0);

      if (inParts) {
        comfy.writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[10 << 20]), false));
        comfy.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(new byte[10 << 20]), true));
      } else {
        comfy.writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[FRAME]), true));
      }

      JsonObject notice = tab.hears("anteroom_notice").told("anteroom_notice").get(0);
      assertThat(notice.getString("code")).isEqualTo("message_too_large");
      assertThat(notice.getString("message")).contains("more than 16 MiB", "history");
      assertThat(notice.getString("message_zh")).contains("16 MiB", "历史记录");
      house.stub.socket(1).writeTextMessage("{\"type\":\"crystools.monitor\",\"data\":{}}");
      tab.hears("crystools.monitor");
    }
  }

  @Test
  void whatAPageSaysWhileItsInstanceIsAwayIsToldToBeLost() {
    try (SessionFixture house = new SessionFixture(10)) {
      Tab tab = house.tab("erin", "tab");
      ServerWebSocket comfy = house.stub.socket(0);
      house.stub.onSocket(ServerWebSocket::close);
      done(comfy.close());

      until(() -> {
        tab.socket().writeTextMessage("{\"type\":\"mine\",\"data\":{}}");
        return !tab.told("anteroom_notice").isEmpty();
      });

      JsonObject notice = tab.told("anteroom_notice").get(0);
      assertThat(notice.getString("code")).isEqualTo("not_said");
      assertThat(notice.getInteger("count")).isEqualTo(1);
      assertThat(notice.getString("message")).contains("lost");
      assertThat(tab.told("anteroom_notice")).as("in the first seconds").hasSize(1);
    }
  }

  /** Many ends, or long ones, while nobody was there. */
  @ParameterizedTest
  @CsvSource({"40, 10, 8", "1, 70000, 1"})
  void whatCameWhileThePageWasAwayAndIsNotKeptIsToldOnItsReturn(int messages, int length, int lost) {
    try (SessionFixture house = new SessionFixture(10)) {
      Tab tab = house.tab("erin", "tab").hears("status");
      ServerWebSocket comfy = house.stub.socket(0);
      done(tab.socket().close());
      awaitRead(comfy);
      for (int i = 0; i < messages; i++) {
        comfy.writeTextMessage("{\"type\":\"executed\",\"data\":{\"node\":\"" + i
          + "\",\"prompt_id\":\"x\",\"output\":\"" + "y".repeat(length) + "\"}}");
      }
      awaitRead(comfy);

      Tab again = house.tab("erin", "tab").hears("anteroom_notice");

      JsonObject notice = again.told("anteroom_notice").get(0);
      assertThat(notice.getString("code")).isEqualTo("missed");
      assertThat(notice.getInteger("count")).isEqualTo(lost);
      assertThat(again.told("executed")).hasSize(messages - lost);
    }
  }

  /** Returns once all is read that the instance has sent so far. */
  private static void awaitRead(ServerWebSocket comfy) {
    AtomicBoolean read = new AtomicBoolean();
    comfy.pongHandler(pong -> read.set(true));
    comfy.writePing(Buffer.buffer("read?"));
    until(read::get);
  }

  /** The queue's own part is answered all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"/history", "/queue", "/api/jobs"})
  void aListWithoutItsInstanceNamesIt(String list) {
    try (EdgeFixture house = new EdgeFixture()) {
      house.bus.serve(StatusServices.USER, about -> Future.succeededFuture(new Answer(List.of(), "0", 0)));
      for (String answer : List.of("<html>", "{\"queue_running\":[", "")) {
        house.comfy.answers(list, request -> {
          if (answer.isEmpty()) {
            request.connection().close();
          } else {
            request.response().setStatusCode(list.equals("/api/jobs") ? 500 : 200).end(answer);
          }
        });

        Reply reply = house.get("/u/dora" + list);

        assertThat(reply.status()).as(answer).isEqualTo(200);
        assertThat(reply.header("X-Anteroom-Left-Out")).as(answer).isEqualTo("gpu-03");
      }
      house.comfy.answers(list, request -> request.response().end("{}"));
      assertThat(house.get("/u/dora" + list).header("X-Anteroom-Left-Out")).isNull();
    }
  }
}
