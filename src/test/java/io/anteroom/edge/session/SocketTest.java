package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.config.Settings.Instances;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets of custom nodes, which lead to the instance itself. */
class SocketTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/manager/ws?clientId=a%20b+c", "/api/manager/ws", "/wsx"})
  void theRawAddressReachesTheInstanceAndNothingOfOurs(String inner) {
    house.tab("/u/alice" + inner, "Origin", house.origin(), "Cookie", "a=1; anteroom=s", "Authorization", "Bearer x",
      "Sec-WebSocket-Extensions", "permessage-deflate");

    ServerWebSocket socket = house.comfy.socket(0);
    assertThat(socket.uri()).isEqualTo(inner);
    assertThat(socket.headers().get("Cookie")).isEqualTo("a=1");
    assertThat(socket.headers().names()).doesNotContain("Origin", "Authorization", "Sec-WebSocket-Extensions");
    await().atMost(SOON).until(() -> house.tally.read().get("edge_sockets") == 1);
  }

  @Test
  void whatHappensWhileAPagesTasksAreLookedUpIsLookedUpRightAfterwards() {
    List<Promise<Answer>> looks = new CopyOnWriteArrayList<>();
    house.bus.serve(StatusServices.USER, about -> {
      Promise<Answer> look = Promise.promise();
      looks.add(look);
      return look.future();
    });
    house.tab("/u/alice/ws?clientId=tab");
    await().atMost(SOON).until(() -> looks.size() == 1);
    house.bus.publish(Events.TASK,
      new TaskEvent(TaskId.random(), "alice", Happened.SUBMITTED, TaskState.QUEUED, ""));
    await().pollDelay(Duration.ofMillis(300)).until(() -> looks.size() == 1);

    looks.get(0).complete(new Answer(List.of(), "v1", 0));

    within(Duration.ofSeconds(2), () -> looks.size() == 2);
  }

  @Test
  void whatTheInstanceSendsAtOnceIsNotLost() {
    house.comfy.onSocket(socket -> {
      socket.writeTextMessage("first");
      socket.writeTextMessage("second");
    });

    for (int i = 0; i < 100; i++) {
      Tab tab = house.tab("/u/alice/node/ws?clientId=" + i);
      await().atMost(SOON).until(() -> tab.frames.size() == 2);
      assertThat(tab.frames.get(0).textData()).isEqualTo("first");
    }
  }

  @Test
  void largeAndFragmentedMessagesPassUnchangedAndInOrder() {
    Buffer mebibyte = random(1 << 20);
    Buffer largest = random(16 << 20);
    Tab tab = house.tab("/u/alice/node/ws");
    ServerWebSocket comfy = house.comfy.socket(0);

    comfy.writeFrame(WebSocketFrame.binaryFrame(mebibyte, true));
    comfy.writeFrame(WebSocketFrame.textFrame("t".repeat(2 << 20), true));
    comfy.writeFrame(WebSocketFrame.textFrame("be", false));
    comfy.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("gin"), false));
    comfy.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("end"), true));
    comfy.writeFrame(WebSocketFrame.binaryFrame(largest, true));

    await().atMost(SOON).until(() -> tab.frames.size() == 6);
    assertThat(tab.frames.get(0).binaryData()).isEqualTo(mebibyte);
    assertThat(tab.frames.get(1).textData()).hasSize(2 << 20);
    assertThat(tab.frames.subList(2, 5)).extracting(WebSocketFrame::isFinal).containsExactly(false, false, true);
    assertThat(tab.frames.subList(2, 5)).extracting(WebSocketFrame::isContinuation).containsExactly(false, true, true);
    assertThat(tab.frames.get(5).binaryData()).isEqualTo(largest);
  }

  @Test
  void theBrowsersMessagesReachTheInstance() {
    List<WebSocketFrame> got = new CopyOnWriteArrayList<>();
    house.comfy.onSocket(socket -> socket.frameHandler(got::add));
    Tab tab = house.tab("/u/alice/node/ws");
    Buffer large = random(16 << 20);

    tab.socket().writeTextMessage("{\"type\":\"feature_flags\"}");
    tab.socket().writeFrame(WebSocketFrame.binaryFrame(large, true));

    await().atMost(SOON).until(() -> got.size() == 2);
    assertThat(got.get(0).textData()).isEqualTo("{\"type\":\"feature_flags\"}");
    assertThat(got.get(1).binaryData()).isEqualTo(large);
  }

  @Test
  void theEndOfOneSocketIsTheEndOfTheOther() {
    Tab left = house.tab("/u/alice/node/ws?clientId=1");
    ServerWebSocket ofLeft = house.comfy.socket(0);
    Tab dismissed = house.tab("/u/alice/node/ws?clientId=2");
    ServerWebSocket ofDismissed = house.comfy.socket(1);
    Tab dropped = house.tab("/u/alice/node/ws?clientId=3");
    ServerWebSocket ofDropped = house.comfy.socket(2);

    left.socket().close((short) 4001, "bye");
    ofDismissed.close((short) 4002, "go");
    ((WebSocketInternal) ofDropped).channelHandlerContext().channel().close();

    await().atMost(SOON).until(() -> ofLeft.isClosed() && dismissed.closeCode > 0 && dropped.closeCode > 0);
    assertThat(ofLeft.closeStatusCode()).isEqualTo((short) 4001);
    assertThat(ofLeft.closeReason()).isEqualTo("bye");
    assertThat(dismissed.closeCode).isEqualTo(4002);
    assertThat(dismissed.closeReason).isEqualTo("go");
    await().atMost(SOON).until(() -> house.tally.read().get("edge_sockets") == 0);
  }

  @Test
  void aReloadedPageIsConnectedOnlyWhenItsOldSocketIsClosed() {
    List<Integer> openAtOnce = new CopyOnWriteArrayList<>();
    house.comfy.onSocket(socket -> openAtOnce.add(
      (int) house.comfy.sockets().stream().filter(one -> !one.isClosed()).count()));

    for (int i = 0; i < 20; i++) {
      done(house.tab("/u/alice/node/ws?clientId=same").socket().close());
    }

    await().atMost(SOON).until(() -> openAtOnce.size() == 20);
    assertThat(openAtOnce).containsOnly(1);
  }

  @Test
  void aPageWhoseInstanceWentAwayIsConnectedAgain() {
    for (int i = 0; i < 5; i++) {
      Tab tab = house.tab("/u/alice/node/ws?clientId=same");
      house.comfy.socket(i).close();
      await().atMost(SOON).until(() -> tab.closeCode > 0);
    }

    assertThat(house.comfy.sockets()).hasSize(5);
  }

  @Test
  void manyTabsDoNotBlockHttp() {
    Instances few = new Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10), 2);
    try (EdgeFixture small = new EdgeFixture(few)) {
      List<Tab> tabs = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tabs.add(small.tab("/u/alice/node/ws?clientId=" + i));
      }

      assertThat(small.get("/u/alice/x").text()).isEqualTo("/x");
      await().atMost(SOON).until(() -> small.tally.read().get("edge_sockets") == 10);
      assertThat(tabs).noneMatch(tab -> tab.socket().isClosed());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/u/alice/ws, http://evil.example, 403", "/u/alice/ws, null, 403", "/u/bob/node/ws, , 502", "/u/nobody/ws, , 404",
    "/u/carol/ws, , 404", "/ws, , 404",
  })
  void aSocketThatCannotBeIsRefusedBeforeItOpens(String uri, String origin, int status) {
    String[] headers = origin == null ? new String[0] : new String[] {"Origin", origin};

    assertThatThrownBy(() -> house.tab(uri, headers))
      .isInstanceOfSatisfying(UpgradeRejectedException.class, refused -> {
        assertThat(refused.getStatus()).isEqualTo(status);
        assertThat(refused.getBody().toString()).contains("\"error\":{\"type\":");
      });
    assertThat(house.comfy.sockets()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"X-Y, 1, X-Z, 1", "Sec-WebSocket-Key, dGhlIHNhbXBsZSBub25jZQ==, X-Y, 1",
    "Sec-WebSocket-Key, dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Version, 8"})
  void halfAHandshakeIsRefused(String one, String value, String other, String otherValue) {
    Reply answer = house.ask(HttpMethod.GET, "/u/alice/node/ws", Buffer.buffer(), "Connection", "Upgrade", "Upgrade",
      "websocket", one, value, other, otherValue);

    assertThat(answer.error()).isEqualTo("invalid_request");
    assertThat(house.comfy.sockets()).isEmpty();
  }

  private static Buffer random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }
}
