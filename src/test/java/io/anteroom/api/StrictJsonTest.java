package io.anteroom.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.task.Refusal;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrictJsonTest {

  @Test
  void membersAreFoundWhereTheyStand() {
    String text = "{ \"a\" : [1, 2] ,\n\"b\":{\"c\":\"\\u0064\"}, \"n\":-1.50e3 }";

    Member root = StrictJson.read(text);

    assertThat(root.members()).extracting(Member::raw)
      .containsExactly("\"a\" : [1, 2]", "\"b\":{\"c\":\"\\u0064\"}", "\"n\":-1.50e3");
    assertThat(root.members()).extracting(Member::rawValue)
      .containsExactly("[1, 2]", "{\"c\":\"\\u0064\"}", "-1.50e3");
    assertThat(root.members().get(1).member("c").orElseThrow().string()).isEqualTo("d");
  }

  @Test
  void onlyAListOfNothingButStringsIsOne() {
    assertThat(StrictJson.read("[]").ofStrings()).isTrue();
    assertThat(StrictJson.read("[\"a\",\"b\"]").ofStrings()).isTrue();
    assertThat(StrictJson.read("[\"a\",null]").ofStrings()).isFalse();
    assertThat(StrictJson.read("[\"a\",[]]").ofStrings()).isFalse();
    assertThat(StrictJson.read("{}").ofStrings()).isFalse();
    assertThat(StrictJson.read("\"a\"").ofStrings()).isFalse();
  }

  @Test
  void brokenJsonSaysWhere() {
    Refusal refusal = refusal("{\"prompt\":{},\n  \"x\": oops}");

    assertThat(refusal.code()).isEqualTo(Refusal.Code.NOT_JSON);
    assertThat(refusal.english()).contains("line 2, column");
    assertThat(refusal.details()).contains("oops");
  }

  @Test
  void depthEndsAtTwoHundredLevels() {
    assertThat(StrictJson.read("[".repeat(200) + "]".repeat(200))).isNotNull();

    assertThat(refusal("[".repeat(201) + "]".repeat(201)).code()).isEqualTo(Refusal.Code.INVALID_PROMPT);
    assertThat(refusal("[".repeat(5_000_000)).code()).isEqualTo(Refusal.Code.INVALID_PROMPT);
    assertThat(refusal("{\"a\":".repeat(1_000_000)).code()).isEqualTo(Refusal.Code.INVALID_PROMPT);
  }

  @Test
  void hoardsOfNamesAndDigitsAreRefused() {
    String names = "{\"a\":0},".repeat(StrictJson.MOST_NAMES);

    assertThat(refusal("[" + names + "{\"a\":0}]").code()).isEqualTo(Refusal.Code.INVALID_PROMPT);
    assertThat(refusal("[" + "1".repeat(1001) + "]").code()).isEqualTo(Refusal.Code.INVALID_PROMPT);
    assertThat(refusal("{\"" + "n".repeat(50_001) + "\":0}").code()).isEqualTo(Refusal.Code.INVALID_PROMPT);
  }

  /** Each would cost memory for as long as the workflow is looked at. */
  @Test
  void hoardsOfNodesAreRefusedBeforeTheyAreKept() {
    String node = "\"%d\":{\"class_type\":\"X\",\"inputs\":{}}";
    String some = IntStream.range(0, 20_000).mapToObj(node::formatted).collect(Collectors.joining(","));
    String hoard = IntStream.range(0, 40_000).mapToObj(node::formatted).collect(Collectors.joining(","));

    assertThat(StrictJson.read("{\"prompt\":{" + some + "}}").members().get(0).members()).hasSize(20_000);
    assertThat(refusal("{\"prompt\":{" + hoard + "}}").getMessage()).contains("more nodes than are read", "100000");
  }

  @Test
  void numbersThatPythonTakesForInfinityAreRefused() {
    assertThat(StrictJson.read("[1e308,-1e308,1e-999," + "1".repeat(308) + "]")).isNotNull();

    assertThat(refusal("[1e309]").code()).isEqualTo(Refusal.Code.INVALID_NUMBER);
    assertThat(refusal("[-1e309]").code()).isEqualTo(Refusal.Code.INVALID_NUMBER);
    assertThat(refusal("[" + "1".repeat(400) + "]").code()).isEqualTo(Refusal.Code.INVALID_NUMBER);
  }

  private static Refusal refusal(String text) {
    return catchThrowableOfType(Refusal.class, () -> StrictJson.read(text));
  }
}
