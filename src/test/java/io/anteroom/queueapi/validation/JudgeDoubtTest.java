package io.anteroom.queueapi.validation;

import static io.anteroom.queueapi.validation.JudgeBench.NEW;
import static io.anteroom.queueapi.validation.JudgeBench.SIZED;
import static io.anteroom.queueapi.validation.JudgeBench.chain;
import static io.anteroom.queueapi.validation.JudgeBench.graph;
import static io.anteroom.queueapi.validation.JudgeBench.node;
import static io.anteroom.queueapi.validation.JudgeBench.nodeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.objectinfo.NodeClasses;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ComfyUI may take, or says in words that are not certain, is not objected to. */
class JudgeDoubtTest {
  private final JudgeBench bench = new JudgeBench();

  @ParameterizedTest
  @ValueSource(strings = {"16", "1024", "\" 16 \"", "1_000", "16.99", "null", "{\"__value__\":1}", "\"\u0661\"", "{}"})
  void whatComfyUiMayTakeIsNotObjectedTo(String width) {
    bench.core("EmptyLatentImage", SIZED, "LATENT");

    String sent = width.equals("1_000") ? "\"1_000\"" : width;

    assertThat(bench.judge(NEW, node("EmptyLatentImage", "{\"width\":%s,\"cfg\":1}".formatted(sent))).objects())
      .isFalse();
  }

  @Test
  void rangesAndChoicesOfClassesThatMayJudgeThemselvesAreLeftToThem() {
    bench.custom("MyNode", SIZED, "LATENT");
    bench.core("LoadImage", "{\"required\":{\"image\":[[\"a.png\"],{\"image_upload\":true}]}}", "IMAGE");

    assertThat(bench.judge(NEW, node("MyNode", "{\"width\":1,\"cfg\":1}")).objects()).isFalse();
    assertThat(bench.judge(NEW, node("LoadImage", "{\"image\":\"just uploaded.png\"}")).objects()).isFalse();
  }

  @Test
  void aCustomClassOfACoreNameIsNotTakenForTheCoreClass() {
    bench.custom("EmptyLatentImage", SIZED, "LATENT");

    assertThat(bench.judge(NEW, node("EmptyLatentImage", "{\"width\":1,\"cfg\":1}")).objects()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[[\"a\",1]]", "[\"COMBO\",{\"remote\":{}}]", "[[\"a\"],{\"multiselect\":true}]",
    "[\"MODE\"]"})
  void choicesThatAreNotAllKnownAreNotJudged(String declared) {
    bench.core("CheckpointLoaderSimple", "{\"required\":{\"ckpt_name\":%s}}".formatted(declared), "MODEL");

    assertThat(bench.judge(NEW, node("CheckpointLoaderSimple", "{\"ckpt_name\":\"c\"}")).objects()).isFalse();
  }

  @Test
  void typesOfCustomClassesMayFitWhateverTheyAreCalled() {
    bench.custom("Anything", "{}", "ANYTHING");
    bench.core("SaveImage", "{\"required\":{\"images\":[\"IMAGE\"]}}");

    assertThat(bench.judge(NEW, chain("Anything", "x", "SaveImage", "images")).objects()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMFY_AUTOGROW_V3", "COMFY_DYNAMICCOMBO_V3", "COMFY_MATCHTYPE_V3", ""})
  void aClassWhoseInputsDependOnTheWorkflowIsNotJudged(String type) {
    bench.custom("Growing", "{\"required\":{\"a\":[\"%s\"],\"b\":[\"INT\"]}}".formatted(type), "X");

    assertThat(bench.judge(NEW, node("Growing", "{\"b\":\"abc\"}")).objects()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"required\":[]}", "{\"required\":{\"a\":{}}}", "{\"required\":{\"a\":[]}}",
    "{\"required\":{\"a\":[\"INT\",7]}}", "{\"required\":{\"a\":[\"INT\",null]}}", "{\"required\":{\"a\":[null]}}",
    "{\"required\":{\"a\":[\"INT\",{\"min\":NaN}]}}", "{\"required\":7}"})
  void strangeDeclarationsAreNoReasonToRefuse(String declared) {
    bench.custom("Strange", declared, "X");

    assertThat(bench.judge(NEW, node("Strange", "{\"a\":\"abc\"}")).objects()).isFalse();
  }

  @Test
  void boundsThatAreNoNumbersAreNoBounds() {
    bench.core("EmptyLatentImage", "{\"required\":{\"a\":[\"INT\",{\"min\":\"x\",\"max\":[]}]}}", "LATENT");

    assertThat(bench.judge(NEW, node("EmptyLatentImage", "{\"a\":5}")).objects()).isFalse();
  }

  @Test
  void aWorkflowThatAPackMayChangeFirstIsNotJudged() {
    bench.core("EmptyLatentImage", SIZED, "LATENT");
    bench.add(new NodeClass("GlobalSeed", "custom_nodes.comfyui-inspire-pack", false, List.of(), "{}"));
    JsonObject workflow = node("EmptyLatentImage", "{}").put("8", new JsonObject().put("class_type", "GlobalSeed"));

    assertThat(bench.judge(NEW, workflow).objects()).isFalse();
  }

  @Test
  void circlesAndDepthsAreLeftToTheInstance() {
    bench.core("VAEDecode", "{\"required\":{\"vae\":[\"IMAGE\"]}}", "IMAGE");
    bench.core("SaveImage", "{\"required\":{\"images\":[\"IMAGE\"]}}");
    JsonObject circle = chain("VAEDecode", "vae", "SaveImage", "images");
    circle.getJsonObject("1").getJsonObject("inputs").put("vae", JsonArray.of("1", 0));
    JsonObject deep = new JsonObject();
    for (int i = 0; i < 1_500; i++) {
      deep.put(String.valueOf(i), nodeOf("VAEDecode", JsonObject.of("vae", JsonArray.of(String.valueOf(i + 1), 0))));
    }
    deep.put("1500", nodeOf("VAEDecode", new JsonObject()));
    deep.put("out", nodeOf("SaveImage", JsonObject.of("images", JsonArray.of("0", 0))));

    assertThat(bench.judge(NEW, circle).objects()).isFalse();
    assertThat(bench.verdict(NEW, graph(deep, ",\"partial_execution_targets\":[\"out\"]")).objects()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"1\",7]", "[\"1\",-1]", "[\"1\",\"0\"]", "[1,0]", "[[],0]", "[null,0]", "[\"1\",0.0]"})
  void linksWhoseFaultPythonTellsInItsOwnWordsAreLeftToIt(String link) {
    bench.core("VAEDecode", "{}", "IMAGE");
    bench.core("SaveImage", "{\"required\":{\"images\":[\"IMAGE\"]}}");
    JsonObject workflow = chain("VAEDecode", "vae", "SaveImage", "images");
    workflow.getJsonObject("9").getJsonObject("inputs").put("images", new JsonArray(link));

    assertThat(bench.judge(NEW, workflow).objects()).isFalse();
  }

  @Test
  void anInstanceThatDoesNotSayItsReleaseIsNotSpokenFor() {
    ValidationResult verdict = WorkflowValidator.validate(graph(node("Gone", "{}"), ""),
      new NodeClasses(Optional.empty(), Map.of(), 0));

    assertThat(verdict.objects()).isFalse();
  }
}
