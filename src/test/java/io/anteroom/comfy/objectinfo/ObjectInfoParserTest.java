package io.anteroom.comfy.objectinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.comfy.objectinfo.ObjectInfoCache.ObjectInfoShelf;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an instance answers, it is read as far as it is ComfyUI's, or not at all. */
class ObjectInfoParserTest {
  private static final ObjectInfoShelf.Facts NO_FACTS = new ObjectInfoShelf.Facts(Optional.empty(), false);

  private static final String INFO = """
    {"加载": {"input": {"required": {"名": [["ü", "b"], {"min": -Infinity}]}, "hidden": {"x": "PROMPT"}},
      "input_order": {"required": ["名"]}, "output": ["IMAGE", ["a", "b"], 7], "output_node": true,
      "python_module": "nodes", "new": {"deep": [[]]}},
     "Bare": {}}""";

  @Test
  void aClassIsReadWithItsInputsAsTheyStand() {
    Map<String, NodeClass> classes = read(INFO);

    assertThat(classes).containsOnlyKeys("加载", "Bare");
    assertThat(classes.get("加载").module()).isEqualTo("nodes");
    assertThat(classes.get("加载").isOutput()).isTrue();
    assertThat(classes.get("加载").outputs()).containsExactly("IMAGE", "*", "*");
    assertThat(classes.get("加载").inputs())
      .isEqualTo("{\"required\": {\"名\": [[\"ü\", \"b\"], {\"min\": -Infinity}]}, \"hidden\": {\"x\": \"PROMPT\"}}");
    assertThat(classes.get("Bare")).isEqualTo(new NodeClass("Bare", "", false, List.of(), ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"input", "output", "output_node", "python_module"})
  void partsOfAnotherKindCountAsNotThere(String part) {
    for (String value : List.of("null", "7", "\"x\"", "{\"a\":[1]}", "[[{}]]", "true")) {
      assertThat(read("{\"A\":{\"%s\":%s},\"B\":{}}".formatted(part, value))).containsOnlyKeys("A", "B");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "{\"A\":7}", "{\"A\":[]}", "{\"A\":{}", "{} {}", "{\"A\":{\"output\":[",
    "{\"A\":{\"input\":{\"a\":}}}", "{\"A\":nonsense}"})
  void whatIsNotComfyUisIsNotRead(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(ComfyException.class);
  }

  @Test
  void nestingWithoutEndIsNotRead() {
    assertThatThrownBy(() -> read("{\"A\":{\"x\":" + "[".repeat(1_000_000))).isInstanceOf(ComfyException.class);
  }

  @Test
  void damagedAnswersAreReadOrRefusedAndNothingElse() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = Buffer.buffer(INFO).getBytes();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        read(Buffer.buffer(bytes).getString(0, random.nextInt(bytes.length + 1)));
      } catch (ComfyException refused) {
        assertThat(refused).hasMessageContaining("/object_info");
      }
    }
  }

  @Test
  void instancesThatAnswerTheSameShareOneCopy() {
    ObjectInfoShelf shelf = new ObjectInfoShelf();

    NodeClasses one = shelf.put("one", Buffer.buffer(INFO), NO_FACTS, 1);
    NodeClasses other = shelf.put("other", Buffer.buffer(INFO), NO_FACTS, 2);

    assertThat(other.classes()).isSameAs(one.classes());
    assertThat(other.began()).isEqualTo(2);
  }

  @Test
  void whatWasNotUsedForLongMakesRoom() {
    ObjectInfoShelf shelf = new ObjectInfoShelf();
    String large = new JsonObject().put("A", new JsonObject().put("input", new JsonObject()
      .put("x", "y".repeat((int) (Runtime.getRuntime().maxMemory() / 40))))).encode();

    for (int i = 0; i < 5; i++) {
      shelf.put("instance " + i, Buffer.buffer(large + " ".repeat(i)), NO_FACTS, i);
    }

    assertThat(shelf.find("instance 0")).isEmpty();
    assertThat(shelf.find("instance 4")).isPresent();
  }

  private static Map<String, NodeClass> read(String text) {
    return ObjectInfoParser.read(Buffer.buffer(text));
  }
}
