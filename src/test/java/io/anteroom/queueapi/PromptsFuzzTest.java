package io.anteroom.queueapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.PromptRequest;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.fuzz.Fuzz;
import io.anteroom.queueapi.validation.RequestSanitizer;
import io.anteroom.queueapi.validation.RequestSanitizer.Run;
import io.anteroom.support.Payloads;
import io.anteroom.task.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workflows of any bytes: each is refused for a listed reason, or can be read by whoever comes after us. */
class PromptsFuzzTest {
  private static final List<String> BODIES = List.of("""
    {"client_id":"tab-1","prompt":{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"cfg":8.0,
    "model":["4",0]},"_meta":{"title":"采样"}}},"extra_data":{"extra_pnginfo":{"workflow":{"nodes":[]}}},"number":-1}""",
    "{\"prompt\":{\"1\":{\"class_type\":\"X\",\"inputs\":{\"a\":[\"2\",0]}}},\"partial_execution_targets\":[\"1\"]}",
    "{\"prompt\":{},\"front\":true,\"prompt_id\":\"6F0C9E5A-1b2c-4d3e-8f90-0123456789ab\"}", "[[[[[[[[]]]]]]]]", "{}");

  @Test
  void everyWorkflowIsRefusedForAListedReasonOrSound() {
    Fuzz.run("prompts", BODIES, input -> {
      try {
        Run run = RequestSanitizer.inspect("ann", Buffer.buffer(input));
        JsonObject sent = PythonJson.object(PromptRequest.complete(Payloads.text(run.payload()), run.secrets(), 1));
        assertThat(sent.getString("prompt_id")).isEqualTo(run.id().value());
        assertThat(sent.fieldNames()).doesNotContain("number", "front");
      } catch (ApiException refused) {
        assertThat(refused.code().status()).isIn(400, 413);
      }
    });
  }
}
