package io.anteroom.queueapi.validation;

import static io.anteroom.queueapi.validation.JudgeBench.NEW;
import static io.anteroom.queueapi.validation.JudgeBench.OLD;
import static io.anteroom.queueapi.validation.JudgeBench.SIZED;
import static io.anteroom.queueapi.validation.JudgeBench.chain;
import static io.anteroom.queueapi.validation.JudgeBench.graph;
import static io.anteroom.queueapi.validation.JudgeBench.node;
import static io.anteroom.queueapi.validation.JudgeBench.onlyError;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is certain is said at submit, in the words of ComfyUI. */
class WorkflowValidatorTest {
  private final JudgeBench bench = new JudgeBench();

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "8        | Value 8 smaller than min of 16    | 8",
    "'\"8\"'  | Value 8 smaller than min of 16    | 8",
    "8.9      | Value 8 smaller than min of 16    | 8",
    "true     | Value 1 smaller than min of 16    | 1",
    "1025     | Value 1025 bigger than max of 1024 | 1025"})
  void whatIsOutOfRangeIsToldAfterPythonHasConvertedIt(String width, String message, int received) {
    bench.core("EmptyLatentImage", SIZED, "LATENT");

    JsonObject error =
      onlyError(bench.judge(NEW, node("EmptyLatentImage", "{\"width\":%s,\"cfg\":1}".formatted(width))));

    assertThat(error.getString("message")).isEqualTo(message);
    assertThat(error.getJsonObject("extra_info").getValue("received_value")).isEqualTo(received);
  }

  @Test
  void floatsAreToldAsPythonPrintsThem() {
    bench.core("EmptyLatentImage", SIZED, "LATENT");

    JsonObject error = onlyError(bench.judge(NEW, node("EmptyLatentImage", "{\"width\":16,\"cfg\":2}")));

    assertThat(error.getString("message")).isEqualTo("Value 2.0 bigger than max of 1.5");
  }

  @Test
  void whatNoClassCanTakeIsToldOfCustomClassesToo() {
    bench.custom("MyNode", SIZED, "LATENT");

    JsonObject wrong = onlyError(bench.judge(NEW, node("MyNode", "{\"width\":\"abc\",\"cfg\":1}")));
    JsonObject missing = onlyError(bench.judge(NEW, node("MyNode", "{\"width\":16}")));
    JsonObject badLink = onlyError(bench.judge(NEW, node("MyNode", "{\"width\":[\"1\"],\"cfg\":1}")));

    assertThat(wrong.getString("details")).isEqualTo("width, abc, invalid literal for int() with base 10: 'abc'");
    assertThat(missing.getString("type")).isEqualTo("required_input_missing");
    assertThat(badLink.getString("type")).isEqualTo("bad_linked_input");
  }

  @Test
  void aChoiceThatIsNotThereIsToldWithTheChoices() {
    bench.core("CheckpointLoaderSimple", "{\"required\":{\"ckpt_name\":[[\"a.ckpt\",\"b.ckpt\"]]}}", "MODEL");

    JsonObject error = onlyError(bench.judge(NEW, node("CheckpointLoaderSimple", "{\"ckpt_name\":\"c.ckpt\"}")));

    assertThat(error).isEqualTo(new JsonObject("""
      {"type":"value_not_in_list","message":"Value not in list",
       "details":"ckpt_name: 'c.ckpt' not in ['a.ckpt', 'b.ckpt']","extra_info":{"input_name":"ckpt_name",
       "input_config":[["a.ckpt","b.ckpt"],{}],"received_value":"c.ckpt"}}"""));
  }

  @Test
  void manyChoicesAreCounted() {
    String many = new JsonArray(Stream.iterate(0, i -> i + 1).limit(21).map(i -> "m" + i).toList()).encode();
    bench.core("CheckpointLoaderSimple",
      "{\"required\":{\"ckpt_name\":[\"COMBO\",{\"options\":%s}]}}".formatted(many), "MODEL");

    JsonObject error = onlyError(bench.judge(NEW, node("CheckpointLoaderSimple", "{\"ckpt_name\":\"c\"}")));

    assertThat(error.getString("details")).isEqualTo("ckpt_name: 'c' not in (list of length 21)");
    assertThat(error.getJsonObject("extra_info").getValue("input_config")).isNull();
  }

  @Test
  void anInputMayTakeOneOfSeveralTypes() {
    bench.core("VAEDecode", "{\"required\":{\"vae\":[\"VAE\"]}}", "IMAGE,MASK");
    bench.core("SaveImage", "{\"required\":{\"images\":[\"MASK, LATENT\"]}}");

    assertThat(bench.judge(NEW, chain("VAEDecode", "vae", "SaveImage", "images")).objects()).isTrue();
    bench.core("VAEDecode", "{}", "IMAGE,MASK");
    assertThat(bench.judge(NEW, chain("VAEDecode", "vae", "SaveImage", "images")).objects()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"IMAGE | LATENT | true", "* | LATENT | false", "IMAGE | * | false",
    "IMAGE | IMAGE | false", "'A,B' | 'C, B' | false", "'A,B' | C | true"})
  void linksBetweenTypesThatDoNotFitAreTold(String given, String wanted, boolean told) {
    bench.core("VAEDecode", "{}", given);
    bench.core("SaveImage", "{\"required\":{\"images\":[\"%s\"]}}".formatted(wanted));

    assertThat(bench.judge(NEW, chain("VAEDecode", "vae", "SaveImage", "images")).objects()).isEqualTo(told);
  }

  @Test
  void aMissingClassIsToldInTheWordsOfTheRelease() {
    JsonObject workflow = node("Gone", "{}");
    workflow.getJsonObject("9").put("_meta", JsonObject.of("title", "My node"));

    assertThat(bench.judge(OLD, workflow).error().orElseThrow().getString("message"))
      .isEqualTo("Cannot execute because node Gone does not exist.");
    assertThat(bench.judge(NEW, workflow).error().orElseThrow().getString("message"))
      .isEqualTo("Node 'My node' not found. The custom node may not be installed.");
    assertThat(bench.judge(NEW, workflow).classes()).containsExactly("Gone");
  }

  @Test
  void onlyWantedOutputsAreJudged() {
    bench.core("SaveImage", "{\"required\":{\"images\":[\"IMAGE\"]}}");
    JsonObject workflow = node("SaveImage", "{}");

    assertThat(bench.verdict(NEW, graph(workflow, ",\"partial_execution_targets\":[\"5\"]")).error().orElseThrow()
      .getString("type")).isEqualTo("prompt_no_outputs");
    assertThat(bench.verdict(NEW, graph(workflow, ",\"partial_execution_targets\":[\"9\"]")).error().orElseThrow()
      .getString("type")).isEqualTo("prompt_outputs_failed_validation");
    assertThat(bench.verdict(new Release(0, 3, 47), graph(workflow, ",\"partial_execution_targets\":[\"5\"]"))
      .objects()).isFalse();
  }
}
