package io.anteroom.comfy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.comfy.json.JsonStream.Event;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.JsonEventType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of any length, as Python writes it, in pieces of any size. */
class JsonStreamTest {

  @ParameterizedTest
  @ValueSource(strings = {
    "{\"a\":[1,-2.5,true,null,{\"b\":\"é猫🐈\\\"\\\\\\n\\u00e9\"}],\"c\":{}}", "{\"a\":NaN,\"b\":[Infinity,-Infinity]}",
    "{\"a\":\"\\ud83d\",\"b\":\"\\udc08x\"}", "[\"\\\\\",\"\\\"\",\"\\u0022\"]", " { \"a\" : 1e999 , \"b\" : 0 } ",
  })
  void theSizeOfThePiecesDoesNotMatter(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Event> whole = read(text, bytes.length);

    for (int size = 1; size < bytes.length; size++) {
      assertThat(read(text, size)).isEqualTo(whole);
    }
    assertThat(whole).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity", "1e999, Infinity", "0.1, 0.1"})
  void numbersAreThoseOfPython(String text, double value) {
    assertThat(read("[" + text + "]", 3)).contains(new Event(JsonEventType.VALUE, null, value));
  }

  /** Of letters of one to four bytes, of escapes of every kind, and cut within each. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "猫", "🐈", "\\n", "\\\"", "\\\\", "\\u0041", "\\ud83d\\udc08", "\\ud800"})
  void ofALongStringTheBeginningIsRead(String letter) {
    for (int before = 0; before < 6; before++) {
      String text = "{\"a\":\"" + "y".repeat(before) + letter.repeat(200_000) + "\",\"b\":2}";

      List<Event> events = read(text, 8_192);

      assertThat(events).hasSize(4);
      assertThat(events.get(2)).isEqualTo(new Event(JsonEventType.VALUE, "b", 2));
      assertThat(((String) events.get(1).value()).length()).isBetween(1, JsonStream.STRING_KEPT + 6);
    }
  }

  @Test
  void aLongNameEndsNothing() {
    assertThat(read("{\"" + "n".repeat(300_000) + "\":1,\"b\":2}", 1_000))
      .contains(new Event(JsonEventType.VALUE, "b", 2));
  }

  @Test
  void aNumberOfManyDigitsIsPassedOver() {
    assertThat(read("[" + "7".repeat(60_000) + ",1]", 1_000)).contains(new Event(JsonEventType.VALUE, null, null),
      new Event(JsonEventType.VALUE, null, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{", "{\"a\":1", "{\"a\":1}}", "[nan]", "[1,]", "{\"a\" 1}"})
  void whatIsNotJsonIsSaidToBe(String text) {
    assertThatThrownBy(() -> read(text, 4)).isInstanceOf(ComfyException.class).hasMessageContaining("not JSON");
  }

  @Test
  void aNumberWithoutEndIsNone() {
    assertThatThrownBy(() -> read("[" + "7".repeat(100_000), 1_000)).isInstanceOf(ComfyException.class)
      .hasMessageContaining("does not end");
  }

  private static List<Event> read(String text, int size) {
    List<Event> events = new ArrayList<>();
    JsonStream stream = new JsonStream(events::add);
    Buffer all = Buffer.buffer(text);
    for (int from = 0; from < all.length(); from += size) {
      stream.feed(all.getBuffer(from, Math.min(all.length(), from + size)));
    }
    stream.end();
    return events;
  }
}
