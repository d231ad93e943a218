package io.anteroom.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptBodyTest {
  private static final TaskId ID = new TaskId("00000000-0000-4000-8000-000000000001");

  @Test
  void completedTextIsJsonWithOurFieldsAndTheAttempt() {
    PromptBody body = PromptBody.of(ID, "tab \"1\"", List.of("\"prompt\":{\"1\":{}}"), List.of("\"a\":1"));

    JsonObject sent = new JsonObject(PromptBody.complete(body.stored(), 3));

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
    PromptBody body = PromptBody.of(ID, "tab", List.of("\"prompt\":{}"), List.of());

    assertThat(body.stored()).endsWith("\"anteroom\":{\"task\":\"" + ID + "\",\"attempt\":");
    assertThat(PromptBody.complete(body.stored(), 12)).isEqualTo(body.stored() + "12}}}");
  }

  @Test
  void clientTextStaysLetterForLetter() {
    String member = "\"prompt\" : {\"2\":{\"x\":1.50,\"seed\":18446744073709551615,\"s\":\"\\u00e9\\/\"},\n \"1\":{}}";

    PromptBody body = PromptBody.of(ID, "tab", List.of(member), List.of());

    assertThat(body.stored()).contains(member);
  }
}
