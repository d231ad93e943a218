package io.anteroom.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.SocketMessage.Binary;
import io.anteroom.support.Statuses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of an instance's messages, and what we say in their shape. */
class SocketMessageTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
    {"type": "executing", "data": {"node": "5", "prompt_id": "p"}}            | executing       | p  | false
    {"type": "executing", "data": {"node": null, "prompt_id": "p"}}           | executing       | p  | true
    {"data": {"nodes": {"1": {"prompt_id": "x"}}, "prompt_id": "p"}, "type": "progress"} | progress | p | false
    {"type": "status", "data": {"status": {"exec_info": {}}, "sid": "s"}}     | status          | '' | false
    {"type": 5, "data": [1]}                                                  | ''              | '' | false
    {"type": "logs", "data": {"prompt_id": 7, "node": {"a": null}}}           | logs            | '' | false
    """)
  void aMessageSaysWhatAndWhose(String json, String type, String promptId, boolean noNode) {
    assertThat(SocketMessage.of(Buffer.buffer(json))).isEqualTo(new SocketMessage(type, promptId, noNode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "{", "{\"type\":\"executing\",\"data\":{", "{\"a\"}", "null"})
  void whatIsNoMessageIsAboutNothing(String text) {
    assertThat(SocketMessage.of(Buffer.buffer(text)).type()).isEmpty();
  }

  @Test
  void aPreviewSaysWhoseItIsOnlyWhenItCan() {
    Buffer about = new JsonObject().put("prompt_id", "p").toBuffer();
    Buffer full = Buffer.buffer().appendInt(4).appendInt(about.length()).appendBuffer(about).appendString("png");

    assertThat(Binary.promptId(full)).isEqualTo("p");
    assertThat(Binary.isPreview(full)).isTrue();
    assertThat(Binary.promptId(Buffer.buffer().appendInt(4).appendInt(Integer.MAX_VALUE).appendBuffer(about)))
      .isEmpty();
    assertThat(Binary.promptId(Buffer.buffer().appendInt(4).appendInt(-1))).isEmpty();
    assertThat(Binary.promptId(Buffer.buffer().appendInt(4).appendInt(3).appendString("[1]"))).isEmpty();
    assertThat(Binary.isPreview(Buffer.buffer().appendInt(3))).isFalse();
    assertThat(Binary.isPreview(Buffer.buffer().appendByte((byte) 1))).isFalse();
  }

  @Test
  void aFailureHasAllFieldsThatPagesRead() {
    JsonObject told = new JsonObject(ComfyMessages.ended(Statuses.failed("alice")).get(1));

    assertThat(told.getString("type")).isEqualTo("execution_error");
    assertThat(told.getJsonObject("data").getMap()).containsKeys("prompt_id", "node_id", "node_type", "executed",
      "exception_message", "exception_type", "traceback", "current_inputs", "current_outputs", "timestamp");
    assertThat(told.getJsonObject("data").getJsonArray("traceback")).isEqualTo(new JsonArray());
    assertThat(told.getJsonObject("data").getString("node_id")).isEmpty();
    assertThat(told.getJsonObject("data").getString("exception_message")).isEqualTo("no such model: node 4");
  }
}
