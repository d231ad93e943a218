package io.anteroom.comfy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawListParserTest {
  private static final String TUPLE = "[ 7 , \"a\", {\"1\": {\"x\": [\"é\", 0]}}, {\"k\": \"]\"}, [\"3\"]]";

  @Test
  void theItemsOfAQueueKeepTheirText() {
    List<Item> items = RawListParser.queue(Buffer.buffer(
      "{\"queue_running\": [%s], \"queue_pending\": [[-1.5, \"b\", {}, {}, []], [8, \"c\"]]}".formatted(TUPLE)));

    assertThat(items).extracting(Item::id).containsExactly("a", "b", "c");
    assertThat(items).extracting(Item::running).containsExactly(true, false, false);
    assertThat(items.get(0).text().toString()).isEqualTo(TUPLE);
    assertThat(items.get(0).numbered(123).toString()).isEqualTo(TUPLE.replace(" 7 ", " 123 "));
    assertThat(items.get(1).numbered(4).toString()).isEqualTo("[4, \"b\", {}, {}, []]");
    assertThat(items.get(2).numbered(5).toString()).isEqualTo("[5, \"c\"]");
  }

  @Test
  void theEntriesOfAHistoryKeepTheirText() {
    String entry = "{\"outputs\": {\"9\": {\"images\": []}}, \"prompt\": %s, \"status\": {\"messages\": [[1]]}}"
      .formatted(TUPLE);
    List<Item> entries = RawListParser.history(Buffer.buffer("{\"a\": %s}".formatted(entry)));

    assertThat(entries).singleElement().satisfies(one -> {
      assertThat(one.id()).isEqualTo("a");
      assertThat(one.text().toString()).isEqualTo(entry);
      assertThat(new JsonObject(one.numbered(99)).getJsonArray("prompt").getInteger(0)).isEqualTo(99);
    });
    assertThat(RawListParser.history(Buffer.buffer("{}"))).isEmpty();
  }

  @Test
  void anEntryThatIsNotTheRunThatItSaysIsPassedOver() {
    assertThat(RawListParser.history(Buffer.buffer("{\"b\":{\"prompt\":[1,\"a\"]},\"c\":{},\"d\":{\"prompt\":3}}")))
      .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"queue_running\":", "{\"queue_running\":[[1,\"a\"", "null", "{\"q\":3}"})
  void whatIsNotAsComfyUiWritesItIsSaidToBe(String text) {
    assertThatThrownBy(() -> RawListParser.queue(Buffer.buffer(text))).isInstanceOf(ComfyException.class);
  }

  @Test
  void anItemOfAnOddKindHarmsNothing() {
    List<Item> items = RawListParser.queue(Buffer.buffer("{\"queue_running\":[[],[[1],2],[{\"a\":[]},\"x\",[[[]]]]]}"));

    assertThat(items).extracting(Item::id).containsExactly("", "", "x");
    assertThat(new JsonArray(items.get(2).numbered(1)).getInteger(0)).isEqualTo(1);
  }
}
