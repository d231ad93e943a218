package io.anteroom.queueapi.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.task.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonParserTest {

  @Test
  void membersAreFoundWhereTheyStand() {
    String text = "{ \"a\" : [1, 2] ,\n\"b\":{\"c\":\"\\u0064\"}, \"n\":-1.50e3 }";

    JsonMember root = StrictJsonParser.read(text);

    assertThat(root.members()).extracting(JsonMember::raw)
      .containsExactly("\"a\" : [1, 2]", "\"b\":{\"c\":\"\\u0064\"}", "\"n\":-1.50e3");
    assertThat(root.members()).extracting(JsonMember::rawValue)
      .containsExactly("[1, 2]", "{\"c\":\"\\u0064\"}", "-1.50e3");
    assertThat(root.members().get(1).member("c").orElseThrow().string()).isEqualTo("d");
  }

  @Test
  void onlyAListOfNothingButStringsIsOne() {
    assertThat(StrictJsonParser.read("[]").ofStrings()).isTrue();
    assertThat(StrictJsonParser.read("[\"a\",\"b\"]").ofStrings()).isTrue();
    assertThat(StrictJsonParser.read("[\"a\",null]").ofStrings()).isFalse();
    assertThat(StrictJsonParser.read("[\"a\",[]]").ofStrings()).isFalse();
    assertThat(StrictJsonParser.read("{}").ofStrings()).isFalse();
    assertThat(StrictJsonParser.read("\"a\"").ofStrings()).isFalse();
  }

  @Test
  void brokenJsonSaysWhere() {
    ApiException refusal = refusal("{\"prompt\":{},\n  \"x\": oops}");

    assertThat(refusal.code()).isEqualTo(ApiException.Code.NOT_JSON);
    assertThat(refusal.english()).contains("line 2, column");
    assertThat(refusal.details()).contains("oops");
  }

  @Test
  void depthEndsAtTwoHundredLevels() {
    assertThat(StrictJsonParser.read("[".repeat(200) + "]".repeat(200))).isNotNull();

    assertThat(refusal("[".repeat(201) + "]".repeat(201)).code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
    assertThat(refusal("[".repeat(5_000_000)).code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
    assertThat(refusal("{\"a\":".repeat(1_000_000)).code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
  }

  @Test
  void hoardsOfNamesAndDigitsAreRefused() {
    String names = "{\"a\":0},".repeat(StrictJsonParser.MAX_NAMES);

    assertThat(refusal("[" + names + "{\"a\":0}]").code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
    assertThat(refusal("[" + "1".repeat(1001) + "]").code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
    assertThat(refusal("{\"" + "n".repeat(50_001) + "\":0}").code()).isEqualTo(ApiException.Code.INVALID_PROMPT);
  }

  /** Each would cost memory for as long as the workflow is looked at. */
  @Test
  void hoardsOfNodesAreRefusedBeforeTheyAreKept() {
    String node = "\"%d\":{\"class_type\":\"X\",\"inputs\":{}}";
    String some = IntStream.range(0, 20_000).mapToObj(node::formatted).collect(Collectors.joining(","));
    String hoard = IntStream.range(0, 40_000).mapToObj(node::formatted).collect(Collectors.joining(","));

    assertThat(StrictJsonParser.read("{\"prompt\":{" + some + "}}").members().get(0).members()).hasSize(20_000);
    assertThat(refusal("{\"prompt\":{" + hoard + "}}").getMessage()).contains("too many nodes", "100000");
  }

  @Test
  void numbersThatPythonTakesForInfinityAreRefused() {
    assertThat(StrictJsonParser.read("[1e308,-1e308,1e-999," + "1".repeat(308) + "]")).isNotNull();

    assertThat(refusal("[1e309]").code()).isEqualTo(ApiException.Code.INVALID_NUMBER);
    assertThat(refusal("[-1e309]").code()).isEqualTo(ApiException.Code.INVALID_NUMBER);
    assertThat(refusal("[" + "1".repeat(400) + "]").code()).isEqualTo(ApiException.Code.INVALID_NUMBER);
  }

  /** As Python writes them, in the prompts that stand in many pictures. */
  @Test
  void numbersThatOnlyPythonKnowsPass() {
    assertThat(StrictJsonParser.read("[NaN,Infinity,-Infinity]").rawValue()).isEqualTo("[NaN,Infinity,-Infinity]");

    assertThat(refusal("[-NaN]").code()).isEqualTo(ApiException.Code.NOT_JSON);
    assertThat(refusal("[Infinit]").code()).isEqualTo(ApiException.Code.NOT_JSON);
  }

  /** Every seam between two pieces passes over every byte. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 64})
  void aTextInPiecesIsReadAsInOne(int size) {
    String text = " {\"a\\u00e9\\n\" : [1, -2.5e3, true],\n"
      + "\"é😀\":{\"c\":\"\\ud83d x\",\"d\":{\"e\":null}}, \"n\":12 } ";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StrictJsonParser reader = new StrictJsonParser((parent, name) -> name.equals("c") || name.equals("n") ? 100 : 0);

    for (int from = 0; from < bytes.length; from += size) {
      reader.read(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)), 0,
        Math.min(bytes.length, from + size) - from);
    }
    JsonMember pieces = reader.end();

    assertThat(pieces).usingRecursiveComparison().ignoringFieldsMatchingRegexes(".*text")
      .isEqualTo(StrictJsonParser.read(text));
    assertThat(pieces.members().get(1).members().get(0).rawValue()).isEqualTo("\"\\ud83d x\"");
    assertThat(pieces.members().get(2).rawValue()).isEqualTo("12");
    assertThat(pieces.members().get(0).rawValue()).as("not kept").isEqualTo("a list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1,\"b\":2,\"a\":3}", "[{\"x\":{\"n\":0,\"\\u006e\":0}}]", "{\"a\":{},\"a\":{}}"})
  void aNameThatStandsTwiceInOneObjectIsRefused(String text) {
    assertThat(refusal(text).details()).contains("duplicate name");
  }

  @Test
  void manyObjectsOfTheSameNamesPass() {
    assertThat(StrictJsonParser.read("[" + "{\"a\":0,\"b\":{\"a\":1}},".repeat(10_000) + "{}]")).isNotNull();
  }

  /** Names that want the same place in a table would make it slow for as long as the body is. */
  @Test
  void aMillionNamesOfOneObjectAreReadInSeconds() {
    String names = IntStream.range(0, 900_000).mapToObj(name -> "\"" + name + "\":0").collect(Collectors.joining(","));

    assertThat(StrictJsonParser.read("[{" + names + "}]")).isNotNull();
    assertThat(refusal("[{" + names + ",\"7\":0}]").details()).contains("duplicate name '7'");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
    C0 AF       | an overlong form
    ED A0 80    | a surrogate
    F4 90 80 80 | above the last character
    F8 88 80 80 | a form of five bytes
    C3          | cut short
    80          | without a beginning
    """)
  void bytesThatAreNotUtf8AreRefused(String hex, String why) {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("[\"".getBytes(StandardCharsets.UTF_8));
    text.writeBytes(bytes);
    text.writeBytes("\"]".getBytes(StandardCharsets.UTF_8));

    ApiException refusal = catchThrowableOfType(ApiException.class, () -> StrictJsonParser.read(text.toByteArray()));

    assertThat(refusal.english()).as(why).contains("not UTF-8");
  }

  private static ApiException refusal(String text) {
    return catchThrowableOfType(ApiException.class, () -> StrictJsonParser.read(text));
  }
}
