package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.support.Statuses;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What passes between a browser and an instance, message by message; erin's instance is a stub of the test's. */
class SessionFramesTest {
  private static final String FLAGS = "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}";
  private static final String OTHER_FLAGS = "{\"type\":\"feature_flags\",\"data\":{}}";
  private static final String SERVER_FLAGS = "{\"type\":\"feature_flags\",\"data\":{\"max_upload_size\":1}}";

  private final SessionFixture house = new SessionFixture(10);
  private final List<String> said = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  /** Trap 17: the limits of Vert.x are far below what instances send. */
  @Test
  void trap17LargeAndFragmentedMessagesPassWholeAndInOrder() {
    Tab tab = house.tab("erin", "tab");
    ServerWebSocket comfy = socket(0);
    Buffer mebibyte = random(1 << 20);
    Buffer largest = random(16 << 20);

    comfy.writeFrame(WebSocketFrame.binaryFrame(mebibyte, true));
    comfy.writeFrame(WebSocketFrame.textFrame("t".repeat(2 << 20), true));
    comfy.writeFrame(WebSocketFrame.textFrame("be", false));
    comfy.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("gin"), false));
    comfy.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("end"), true));
    comfy.writeFrame(WebSocketFrame.binaryFrame(largest, true));

    until(() -> tab.frames.size() == 5);
    assertThat(tab.frames.get(1).binaryData()).isEqualTo(mebibyte);
    assertThat(tab.frames.get(2).textData()).hasSize(2 << 20);
    assertThat(tab.frames.get(3).textData()).isEqualTo("beginend");
    assertThat(tab.frames.get(4).binaryData()).isEqualTo(largest);
  }

  /** Trap 17: an instance looks at the first message of a socket only. */
  @Test
  void trap17FlagsAreTheFirstMessageOfEverySocketAndAnsweredToEveryBrowser() {
    answerFlags();
    for (int i = 0; i < 5; i++) {
      Tab tab = house.tab("erin", "tab");
      tab.socket().writeTextMessage(FLAGS);
      tab.hears("feature_flags");
      done(tab.socket().close());
    }
    assertThat(said).containsExactly(FLAGS);

    done(socket(0).close());

    socket(1);
    until(() -> said.size() == 2);
    assertThat(said).containsExactly(FLAGS, FLAGS);
  }

  /** Trap 10 and 17: another page with the same id has other flags; there is one socket at the instance at any time. */
  @Test
  void otherFlagsAreToldOnASocketOfTheirOwn() {
    List<Long> openAtOnce = new CopyOnWriteArrayList<>();
    answerFlags();
    house.tab("erin", "tab").socket().writeTextMessage(FLAGS);
    until(() -> said.size() == 1);
    house.stub.onSocket(socket -> {
      openAtOnce.add(house.stub.sockets().stream().filter(one -> !one.isClosed()).count());
      hearFlags(socket);
    });

    for (String flags : List.of(OTHER_FLAGS, FLAGS, OTHER_FLAGS)) {
      int before = said.size();
      Tab tab = house.tab("erin", "tab");
      tab.socket().writeTextMessage(flags);
      tab.hears("feature_flags");
      until(() -> said.size() == before + 1);
    }

    assertThat(said).containsExactly(FLAGS, OTHER_FLAGS, FLAGS, OTHER_FLAGS);
    assertThat(openAtOnce).containsExactly(1L, 1L, 1L);
  }

  @Test
  void whatABrowserSaysReachesTheInstance() {
    Tab tab = house.tab("erin", "tab");
    ServerWebSocket comfy = socket(0);
    List<WebSocketFrame> got = new CopyOnWriteArrayList<>();
    comfy.frameHandler(got::add);
    Buffer large = random(16 << 20);

    tab.socket().writeTextMessage("{\"type\":\"of a custom node\"}");
    tab.socket().writeFrame(WebSocketFrame.binaryFrame(large, true));

    until(() -> got.size() == 2);
    assertThat(got.get(0).textData()).isEqualTo("{\"type\":\"of a custom node\"}");
    assertThat(got.get(1).binaryData()).isEqualTo(large);
  }

  @Test
  void anInstanceLearnsTheTaggedIdAndNothingOfOurs() {
    Tab tab = house.tab("erin", "tab&token=a%20b");

    assertThat(socket(0).uri()).isEqualTo("/ws?clientId=" + tab.sid() + "&token=a%20b");
    assertThat(socket(0).headers().names()).doesNotContain("Origin", "Authorization", "Sec-WebSocket-Extensions");
  }

  /** Trap 18: what an instance tells everybody does not reach who shares it. */
  @Test
  void trap18BroadcastsOfASharedInstanceAreDropped() {
    Tab tab = house.tab("frank", "tab");
    ServerWebSocket comfy = socket(0);

    comfy.writeTextMessage("{\"type\":\"logs\",\"data\":{\"entries\":[]}}");
    comfy.writeTextMessage("{\"type\":\"of a custom node\",\"data\":{\"secret\":1}}");
    comfy.writeTextMessage("{\"type\":\"execution_error\",\"data\":{\"prompt_id\":\"" + Statuses.ID + "\"}}");
    comfy.writeTextMessage("no JSON");
    comfy.writeBinaryMessage(Buffer.buffer().appendInt(3).appendString("text of another's node"));
    comfy.writeTextMessage(
      "{\"type\":\"status\",\"data\":{\"status\":{\"exec_info\":{\"queue_remaining\":9}},\"sid\":\"x\"}}");
    comfy.writeTextMessage("{\"type\":\"executing\",\"data\":{\"node\":\"told to its owner alone\"}}");

    until(() -> !tab.told("executing").isEmpty());
    assertThat(tab.frames).hasSize(2);
    assertThat(tab.remaining()).as("others' runs are not counted").containsExactly(0);
  }

  @Test
  void everythingOfAnInstanceOfOnesOwnPasses() {
    Tab tab = house.tab("erin", "tab");
    ServerWebSocket comfy = socket(0);

    comfy.writeTextMessage("{\"type\":\"logs\",\"data\":{\"entries\":[]}}");
    comfy.writeBinaryMessage(Buffer.buffer().appendInt(3).appendString("text"));
    comfy.writeTextMessage("{\"type\":\"of a custom node\"}");

    tab.hears("of a custom node").hears("logs");
    assertThat(tab.frames).filteredOn(WebSocketFrame::isBinary).hasSize(1);
  }

  @Test
  void whoReadsSlowlyMissesOldPicturesButNoWord() {
    Tab tab = house.tab("erin", "tab");
    ServerWebSocket comfy = socket(0);
    tab.sid();
    tab.socket().pause();

    for (int i = 0; i < 1_500; i++) {
      comfy.writeBinaryMessage(preview(i));
      comfy.writeTextMessage("{\"type\":\"progress\",\"data\":{\"value\":" + i + "}}");
    }
    done(comfy.writeTextMessage("{\"type\":\"last\"}"));
    tab.socket().resume();

    tab.hears("last");
    assertThat(tab.told("progress")).extracting(data -> data.getInteger("value"))
      .isEqualTo(IntStream.range(0, 1_500).boxed().toList());
    List<Integer> shown = tab.frames.stream().filter(WebSocketFrame::isBinary)
      .map(frame -> frame.binaryData().getInt(4)).toList();
    assertThat(shown).hasSizeLessThan(1_000).isSorted();
    until(() -> tab.frames.stream().anyMatch(frame -> frame.isBinary() && frame.binaryData().getInt(4) == 1_499));
  }

  @Test
  void progressIsNotedTwiceASecondAtMost() {
    List<TaskEvent> told = new CopyOnWriteArrayList<>();
    house.bus.subscribe(Events.TASK, told::add);
    Tab tab = house.tab("erin", "tab");
    ServerWebSocket comfy = socket(0);

    comfy.writeTextMessage("{\"type\": \"progress\", \"data\": {\"value\": 1, \"max\": 20, \"prompt_id\": \"x\"}}");
    comfy.writeTextMessage(progress(-1));
    IntStream.range(3, 20).forEach(step -> comfy.writeTextMessage(progress(step)));

    until(() -> tab.told("progress").size() == 19 && !told.isEmpty());
    assertThat(told.get(0)).isEqualTo(new TaskEvent(Statuses.ID, "erin", Happened.PROGRESSED, TaskState.PROCESSING,
      "stub", Optional.of(new Progress(3, 20, "5"))));
    assertThat(told).hasSizeLessThan(17);
  }

  @Test
  void theNodeThatRunsIsNotedFromTheStateOfAll() {
    List<TaskEvent> told = new CopyOnWriteArrayList<>();
    house.bus.subscribe(Events.TASK, told::add);
    house.tab("erin", "tab");

    socket(0).writeTextMessage("""
      {"type": "progress_state", "data": {"prompt_id": "%s", "nodes": {
        "4": {"value": 1.0, "max": 1.0, "state": "finished", "node_id": "4"},
        "5": {"value": 7.0, "max": 20.0, "state": "running", "node_id": "5"}}}}""".formatted(Statuses.ID));

    until(() -> told.size() == 1);
    assertThat(told.get(0).progress()).contains(new Progress(7, 20, "5"));
  }

  /** The instance's end of the nth socket, once it is open. */
  private ServerWebSocket socket(int index) {
    return house.stub.socket(index);
  }

  private void answerFlags() {
    house.stub.onSocket(this::hearFlags);
  }

  private void hearFlags(ServerWebSocket socket) {
    socket.textMessageHandler(text -> {
      said.add(text);
      socket.writeTextMessage(SERVER_FLAGS);
    });
  }

  private static String progress(int step) {
    return new JsonObject().put("type", "progress").put("data", new JsonObject().put("value", step).put("max", 20)
      .put("prompt_id", Statuses.ID.value()).put("node", "5")).encode();
  }

  private static Buffer preview(int number) {
    return Buffer.buffer().appendInt(1).appendInt(number).appendBytes(new byte[64 << 10]);
  }

  private static Buffer random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }
}
