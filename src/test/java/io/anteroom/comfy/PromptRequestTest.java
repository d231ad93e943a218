package io.anteroom.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptRequestTest {
  private static final TaskId ID = new TaskId("00000000-0000-4000-8000-000000000001");

  @Test
  void completedTextIsJsonWithOurFieldsAndTheAttempt() {
    PromptRequest body = PromptRequest.of(ID, "tab \"1\"", List.of("\"prompt\":{\"1\":{}}"), List.of("\"a\":1"));

    JsonObject sent = new JsonObject(PromptRequest.complete(body.stored(), body.secrets(), 3));

    assertThat(sent).isEqualTo(new JsonObject()
      .put("prompt", new JsonObject().put("1", new JsonObject()))
      .put("prompt_id", ID.value())
      .put("client_id", "tab \"1\"")
      .put("extra_data", new JsonObject()
        .put("a", 1)
        .put("anteroom", new JsonObject().put("task", ID.value()).put("attempt", 3))));
  }

  @Test
  void attemptIsTheVeryLastSoThatNothingIsReadAgainAtDispatch() {
    PromptRequest body = PromptRequest.of(ID, "tab", List.of("\"prompt\":{}"), List.of());

    assertThat(body.stored()).endsWith("\"anteroom\":{\"task\":\"" + ID + "\",\"attempt\":");
    assertThat(PromptRequest.complete(body.stored(), body.secrets(), 12)).isEqualTo(body.stored() + "12}}}");
  }

  @Test
  void secretsStandBehindTheAttemptInATextOfTheirOwn() {
    PromptRequest body = PromptRequest.of(ID, "tab", List.of("\"prompt\":{}"), List.of("\"a\":1"))
      .with(List.of("\"password\":\"p\""), List.of("\"api_key_comfy_org\":\"k\"", "\"auth_token_comfy_org\":\"t\""));

    JsonObject sent = new JsonObject(PromptRequest.complete(body.stored(), body.secrets(), 2));

    assertThat(sent.getString("password")).isEqualTo("p");
    assertThat(sent.getJsonObject("extra_data").fieldNames())
      .containsExactly("a", "anteroom", "api_key_comfy_org", "auth_token_comfy_org");
    assertThat(new JsonObject(PromptRequest.complete(body.stored(), "", 2)).encode())
      .isEqualTo(new JsonObject(PromptRequest.complete(PromptRequest.of(ID, "tab", List.of("\"prompt\":{}"),
        List.of("\"a\":1")).stored(), "", 2)).encode());
  }

  @ParameterizedTest
  @CsvSource({"auth_token_comfy_org, true", "api_key_comfy_org, true", "Api-Key, true", "openai_apikey, true",
    "password, true", "client_secret, true", "accessToken, true", "prompt, false", "extra_pnginfo, false",
    "preview_method, false", "max_tokens, false", "workflow_metadata, false", "partial_execution_targets, false"})
  void aSecretIsKnownByItsName(String name, boolean secret) {
    assertThat(PromptRequest.isSecret(name)).isEqualTo(secret);
  }

  @Test
  void clientTextStaysLetterForLetter() {
    String member = "\"prompt\" : {\"2\":{\"x\":1.50,\"seed\":18446744073709551615,\"s\":\"\\u00e9\\/\"},\n \"1\":{}}";

    PromptRequest body = PromptRequest.of(ID, "tab", List.of(member), List.of());

    assertThat(body.stored()).contains(member);
  }
}
