package io.anteroom.comfy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonJsonTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '\u0001', value = {
    "NaN", "-Infinity", "12", "-1.5e3", "\"a,}\\\"\"", "[1, {\"b\": NaN}]", "{\"c\": {}}", "null", "true"})
  void valuesStandAsTheyWereSent(String value) {
    assertThat(PythonJson.members("{\"x\": 1, \"y\" :" + value + " ,\"z\":2}\n"))
      .containsExactlyInAnyOrderEntriesOf(Map.of("x", "1", "y", value, "z", "2"));
  }

  @Test
  void whatJsonDoesNotKnowIsRead() {
    JsonObject read = PythonJson.object("{\"max\": Infinity, \"in\": {\"a\": [NaN]}}\n");

    assertThat(read.getDouble("max")).isInfinite();
    assertThat(read.getJsonObject("in").getJsonArray("a").getDouble(0)).isNaN();
  }

  /** Jackson reads half a pair of surrogates in a value, not in a name. */
  @Test
  void halfAPairOfSurrogatesInANameHidesNothing() {
    JsonObject read = PythonJson.object("{\"\\ud800x\": 1, \"b\": 2}");

    assertThat(read.fieldNames()).containsExactly("\ufffdx", "b");
    assertThat(read.getInteger("b")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "\"{}\"", "{", "{\"a\":1", "{} {}", "<html>", "{\"a\":nan}"})
  void whatIsNoObjectIsNotRead(String text) {
    assertThatThrownBy(() -> PythonJson.object(text)).isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> PythonJson.members(text)).isInstanceOf(DecodeException.class);
  }
}
