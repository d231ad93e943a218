package io.anteroom.simulator.validation;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.SimulatorClient;
import io.anteroom.simulator.SimulatorClient.Answer;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes with a VALIDATE_INPUTS of their own were seen to answer at ComfyUI 0.8.0 and 0.28.1. */
class CustomInputCheckTest {

  private static final String ID = "00000000-0000-4000-8000-000000000001";

  private static Vertx vertx;
  private static SimulatorClient client;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    client = new SimulatorClient(vertx, new SimulatedInstances(vertx, Simulator.Options.of(1)).instance(0));
  }

  @AfterAll
  static void close() {
    done(vertx.close());
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
      arguments("LoadImage", "{'image':'nosuch.png'}", List.of(
        "custom_validation_failed: image - Invalid image file: nosuch.png")),
      arguments("LoadImage", "{'image':'a.png [output]'}", List.of(
        "custom_validation_failed: image - Invalid image file: a.png [output]")),
      arguments("LoadImage", "{'image':5}", List.of(
        "exception_during_inner_validation: 'int' object has no attribute 'endswith'")),
      arguments("LoadImage", "{}", List.of("exception_during_inner_validation: "
        + "LoadImage.VALIDATE_INPUTS() missing 1 required positional argument: 'image'")),
      arguments("LoadImageOutput", "{'image':'nosuch.png [output]'}", List.of(
        "custom_validation_failed: image - Invalid image file: nosuch.png [output]")),
      arguments("TestAsyncValidation", "{'value':15,'threshold':10}", List.of(
        "custom_validation_failed: value - Value 15.0 exceeds threshold 10.0",
        "custom_validation_failed: threshold - Value 15.0 exceeds threshold 10.0")),
      arguments("TestAsyncValidation", "{}", List.of("exception_during_inner_validation: "
        + "TestAsyncValidation.VALIDATE_INPUTS() missing 2 required positional arguments: 'value' and 'threshold'")),
      arguments("TestCustomValidation5", "{'input1':3.0,'input2':7}", List.of(
        "custom_validation_failed: input1 - 7s are not allowed. I've never liked 7s.",
        "custom_validation_failed: input2 - 7s are not allowed. I've never liked 7s.")),
      arguments("TestCustomValidation5", "{'input1':0.5}", List.of("exception_during_inner_validation: 'input2'")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("refusals")
  void nodeRefusesItsInputsAtSubmit(String nodeClass, String inputs, List<String> errors) {
    Answer answer = submit(nodeClass, inputs);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getJsonObject("error"))
      .isEqualTo(SimulatedInputValidator.error("prompt_outputs_failed_validation",
      "Prompt outputs failed validation", "", new JsonObject()));
    JsonObject node = answer.json().getJsonObject("node_errors").getJsonObject("1");
    assertThat(texts(node.getJsonArray("errors"))).containsExactlyElementsOf(errors);
    assertThat(node.getString("class_type")).isEqualTo(nodeClass);
    assertThat(node.getJsonArray("dependent_outputs")).containsExactly("2");
  }

  static Stream<Arguments> ordered() {
    return Stream.of(
      arguments("refuse", List.of("custom_validation_failed: answer", "custom_validation_failed: message")),
      arguments("reason", List.of(
        "custom_validation_failed: answer - too big", "custom_validation_failed: message - too big")),
      arguments("raise", List.of("exception_during_validation: too big")));
  }

  @ParameterizedTest
  @MethodSource("ordered")
  void simulatedNodeAnswersAsOrdered(String order, List<String> errors) {
    Answer answer = client.post("/prompt",
      SimulatorClient.prompt(ID, "SimValidate", JsonObject.of("answer", order, "message", "too big")));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(texts(answer.json().getJsonObject("node_errors").getJsonObject("1").getJsonArray("errors")))
      .containsExactlyElementsOf(errors);
  }

  static Stream<Arguments> acceptances() {
    return Stream.of(
      arguments("TestAsyncValidation", "{'value':10,'threshold':10}"),
      arguments("TestCustomValidation5", "{'input1':300.0,'input2':-2}"),
      arguments("SimValidate", "{'answer':'accept','message':'m'}"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("acceptances")
  void validatorStandsInForTheRangeOfWhatItTakes(String nodeClass, String inputs) {
    assertThat(submit(nodeClass, inputs).status()).isEqualTo(200);
  }

  @Test
  void inputsThatTheValidatorDoesNotTakeKeepTheirOwnCheck() {
    Answer answer = client.post("/prompt", new JsonObject("""
      {"prompt": {
        "1": {"class_type": "LoadImageMask", "inputs": {"image": "nosuch.png", "channel": "x"}},
        "2": {"class_type": "MaskToImage", "inputs": {"mask": ["1", 0]}},
        "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}}}"""));

    assertThat(texts(answer.json().getJsonObject("node_errors").getJsonObject("1").getJsonArray("errors")))
      .containsExactly(
        "value_not_in_list: channel: 'x' not in ['alpha', 'red', 'green', 'blue']",
        "custom_validation_failed: image - Invalid image file: nosuch.png");
  }

  @Test
  void refusalMovesTheNumberAndLeavesNothingElse() {
    long before = nextNumber();

    submit("LoadImage", "{'image':'nosuch.png'}");

    assertThat(nextNumber()).isEqualTo(before + 2);
    assertThat(client.get("/queue").json().encode() + client.get("/history").json().encode())
      .doesNotContain("nosuch.png");
  }

  @Test
  void partlyRefusedPromptRunsTheRest() {
    Answer answer = client.post("/prompt", new JsonObject("""
      {"prompt": {
        "1": {"class_type": "LoadImage", "inputs": {"image": "other.png"}},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
        "3": {"class_type": "SimValidate", "inputs": {"answer": "accept", "message": "m"}}}}"""));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonObject("node_errors").fieldNames()).containsExactly("1");
  }

  private static long nextNumber() {
    return submit("SimValidate", "{'answer':'accept','message':'m'}").json().getLong("number");
  }

  private static Answer submit(String nodeClass, String inputs) {
    return client.post("/prompt", JsonObject.of("prompt", new JsonObject()
      .put("1", JsonObject.of("class_type", nodeClass, "inputs", new JsonObject(inputs.replace('\'', '"'))))
      .put("2", JsonObject.of("class_type", "PreviewImage",
        "inputs", JsonObject.of("images", JsonArray.of("1", 0))))));
  }

  private static List<String> texts(JsonArray errors) {
    return errors.stream().map(JsonObject.class::cast)
      .map(error -> error.getString("type") + ": " + error.getString("details")).toList();
  }
}
