package io.anteroom.queueapi.validation;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.attack.Attack;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.comfy.ClientIds;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.queueapi.request.RequestBlocks;
import io.anteroom.queueapi.request.StrictJsonParser;
import io.anteroom.queueapi.validation.RequestSanitizer.Run;
import io.anteroom.support.Payloads;
import io.anteroom.task.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to bodies that would harm an instance; each line of a table is one body. */
class RequestSanitizerTest {
  private static final String USER = "ann";
  private static final String NODE = "{\"class_type\":\"SaveImage\",\"inputs\":{}}";
  private static final String ID = "6f0c9e5a-1b2c-4d3e-8f90-0123456789ab";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
    NOT_JSON            | ``
    NOT_JSON            | `   `
    NOT_JSON            | hello
    NOT_JSON            | {"prompt":
    NOT_JSON            | {"prompt":{}
    NOT_JSON            | {'prompt':{}}
    NOT_JSON            | {"prompt":{},}
    NOT_JSON            | {"prompt":{}} {}
    NOT_JSON            | {"prompt":{}}]
    NOT_JSON            | {"prompt":{},"x":-NaN}
    NOT_JSON            | {"prompt":{},"x":+Infinity}
    NOT_JSON            | {"prompt":{},"x":01}
    NOT_JSON            | {"prompt":{},"x":"\\x"}
    NOT_JSON            | {"prompt":{},"x":1} // thanks
    NOT_JSON            | {"prompt":{},"prompt":{}}
    NOT_JSON            | {"prompt":{},"prom\\u0070t":null}
    NOT_JSON            | {"prompt":{"1":{"inputs":{"a":{"b":1,"b":2}}}}}
    NOT_AN_OBJECT       | []
    NOT_AN_OBJECT       | null
    NOT_AN_OBJECT       | "prompt"
    NOT_AN_OBJECT       | 1
    NO_PROMPT           | {}
    NO_PROMPT           | {"prompt":null}
    INVALID_PROMPT      | {"prompt":[]}
    INVALID_PROMPT      | {"prompt":"{}"}
    INVALID_PROMPT      | {"prompt":{"1":null}}
    INVALID_PROMPT      | {"prompt":{"1":[]}}
    INVALID_PROMPT      | {"prompt":{"1":{"class_type":["a"]}}}
    INVALID_PROMPT      | {"prompt":{"1":{"class_type":null}}}
    INVALID_PROMPT      | {"prompt":{"1":{"class_type":"a","inputs":[]}}}
    INVALID_PROMPT      | {"prompt":{},"partial_execution_targets":"1"}
    INVALID_PROMPT      | {"prompt":{},"partial_execution_targets":[1]}
    INVALID_PROMPT      | {"prompt":{},"partial_execution_targets":["1",["2"]]}
    INVALID_PROMPT_ID   | {"prompt":{},"prompt_id":""}
    INVALID_PROMPT_ID   | {"prompt":{},"prompt_id":"None"}
    INVALID_PROMPT_ID   | {"prompt":{},"prompt_id":7}
    INVALID_PROMPT_ID   | {"prompt":{},"prompt_id":["6f0c9e5a-1b2c-4d3e-8f90-0123456789ab"]}
    INVALID_PROMPT_ID   | {"prompt":{},"prompt_id":"6f0c9e5a1b2c4d3e8f900123456789ab"}
    INVALID_CLIENT_ID   | {"prompt":{},"client_id":["a"]}
    INVALID_CLIENT_ID   | {"prompt":{},"client_id":{}}
    INVALID_CLIENT_ID   | {"prompt":{},"client_id":true}
    INVALID_CLIENT_ID   | {"prompt":{},"client_id":"a\\u0000b"}
    INVALID_CLIENT_ID   | {"prompt":{},"client_id":"a\\r\\nb"}
    INVALID_CLIENT_ID   | {"prompt":{},"client_id":"\\ud800"}
    INVALID_EXTRA_DATA  | {"prompt":{},"extra_data":[]}
    INVALID_EXTRA_DATA  | {"prompt":{},"extra_data":"x"}
    INVALID_EXTRA_DATA  | {"prompt":{},"extra_data":0}
    INVALID_NUMBER      | {"prompt":{},"number":"1"}
    INVALID_NUMBER      | {"prompt":{},"number":[]}
    INVALID_NUMBER      | {"prompt":{},"number":true}
    INVALID_NUMBER      | {"prompt":{},"number":1e999}
    INVALID_NUMBER      | {"prompt":{"1":{"class_type":"a","inputs":{"x":-1e999}}}}
    """)
  void refuses(ApiException.Code code, String body) {
    ApiException refusal = catchThrowableOfType(ApiException.class, () -> inspect(body));

    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.english()).isNotBlank();
    assertThat(refusal.chinese()).isNotBlank();
  }

  /** What the client said besides {@code prompt}; what ComfyUI gets besides {@code prompt}, ids and our mark. */
  @Attack(34)
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
    {}                                                        | {}
    {"extra_data":null}                                       | {}
    {"extra_data":{"extra_pnginfo":null}}                     | {}
    {"extra_data":{"extra_pnginfo":[]}}                       | {}
    {"extra_data":{"extra_pnginfo":"x","a":1}}                | {"extra_data":{"a":1}}
    {"extra_data":{"extra_pnginfo":{"workflow":null}}}        | {"extra_data":{"extra_pnginfo":{}}}
    {"extra_data":{"extra_pnginfo":{"workflow":7,"a":"b"}}}   | {"extra_data":{"extra_pnginfo":{"a":"b"}}}
    {"extra_data":{"extra_pnginfo":{"workflow":{"id":"w"}}}}  | {"extra_data":{"extra_pnginfo":{"workflow":{"id":"w"}}}}
    {"extra_data":{"client_id":["x"],"create_time":"never"}}  | {}
    {"extra_data":{"anteroom":{"task":"1","attempt":"2"}}}    | {}
    {"extra_data":{"ante\\u0072oom":1}}                       | {}
    {"extra_data":{"auth_token_comfy_org":"secret"}}          | {"extra_data":{"auth_token_comfy_org":"secret"}}
    {"partial_execution_targets":null}                        | {}
    {"partial_execution_targets":[]}                          | {"partial_execution_targets":[]}
    {"partial_execution_targets":["9","10"]}                  | {"partial_execution_targets":["9","10"]}
    {"number":-1}                                             | {}
    {"number":-1e308}                                         | {}
    {"number":null,"front":true}                              | {}
    {"prompt_id":null,"client_id":null}                       | {}
    {"of_a_custom_node":[null,1]}                             | {"of_a_custom_node":[null,1]}
    """)
  void repairs(String said, String kept) {
    JsonObject sent = sent(withPrompt(said));

    assertThat(without(sent)).isEqualTo(new JsonObject(kept));
  }

  private static String withPrompt(String said) {
    return said.equals("{}") ? "{\"prompt\":{}}" : "{\"prompt\":{}," + said.substring(1);
  }

  /** All but what stands in every request. */
  private static JsonObject without(JsonObject sent) {
    JsonObject extra = sent.getJsonObject("extra_data");
    assertThat(extra.remove("anteroom"))
      .isEqualTo(new JsonObject().put("task", sent.getString("prompt_id")).put("attempt", 1));
    assertThat(sent.getString("client_id")).isEqualTo(ClientIds.of(USER, "anteroom-" + sent.getString("prompt_id")));
    sent.remove("prompt");
    sent.remove("prompt_id");
    sent.remove("client_id");
    if (extra.isEmpty()) {
      sent.remove("extra_data");
    }
    return sent;
  }

  /** Trap 8: a client_id that is a list stops a whole server. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
    "tab-1"     | tab-1
    "标签"       | 标签
    7           | 7
    1.50        | 1.50
    """)
  void clientIdIsText(String said, String used) {
    Run run = inspect("{\"prompt\":{},\"client_id\":" + said + "}");

    assertThat(run.clientId()).isEqualTo(ClientIds.of(USER, used)).startsWith(used + ".a");
    assertThat(sent(run).getString("client_id")).isEqualTo(run.clientId());
  }

  @Test
  void emptyClientIdBecomesOneThatNobodyElseHas() {
    Run run = inspect("{\"prompt\":{},\"client_id\":\"\"}");

    assertThat(run.clientId()).isEqualTo(ClientIds.of(USER, "anteroom-" + run.id()));
  }

  @Test
  void clientIdEndsAtTwoHundredCharacters() {
    assertThat(inspect("{\"prompt\":{},\"client_id\":\"" + "a".repeat(200) + "\"}").clientId()).hasSize(200);

    refuses(ApiException.Code.INVALID_CLIENT_ID, "{\"prompt\":{},\"client_id\":\"" + "a".repeat(201) + "\"}");
  }

  /** Trap 6: newer servers take a canonical id only. */
  @Test
  void upperCasePromptIdIsFolded() {
    Run run = inspect("{\"prompt\":{},\"prompt_id\":\"" + ID.toUpperCase(Locale.ROOT) + "\"}");

    assertThat(run.id().value()).isEqualTo(ID);
    assertThat(sent(run).getString("prompt_id")).isEqualTo(ID);
  }

  @Attack(34)
  @Test
  void onlyTheWishItselfIsFront() {
    assertThat(inspect("{\"prompt\":{},\"front\":true}").front()).isTrue();
    assertThat(inspect("{\"prompt\":{},\"front\":false}").front()).isFalse();
    assertThat(inspect("{\"prompt\":{},\"front\":1}").front()).isFalse();
    assertThat(inspect("{\"prompt\":{},\"number\":-1}").front()).isFalse();
  }

  @Test
  void graphPassesLetterForLetter() {
    String graph = "\"prompt\" :\t{ \"2\":" + NODE + ",\n\"1\":{\"class_type\":\"K\",\"inputs\":"
      + "{\"seed\":18446744073709551615,\"cfg\":8.0,\"tiny\":1E-400,\"s\":\"\\ud83d\\ude00 \\/ 图\"} } }";

    assertThat(stored("{" + graph + "}")).contains(graph);
  }

  @Test
  void secretsAreSentButStandApartFromWhatIsKept() {
    Run run = inspect("{\"prompt\":{},\"password\":\"s-1\",\"extra_data\":{\"api_key_comfy_org\":\"s-2\","
      + "\"x\":1,\"auth_token_comfy_org\":\"s-3\"}}");

    assertThat(Payloads.text(run.payload())).doesNotContain("s-");
    assertThat(run.secrets()).contains("s-1", "s-2", "s-3").doesNotContain("\"x\"");
    assertThat(sent(run).getJsonObject("extra_data"))
      .contains(Map.entry("x", 1), Map.entry("api_key_comfy_org", "s-2"), Map.entry("auth_token_comfy_org", "s-3"));
  }

  @Test
  void placesAreRightInTextsOfAnyLength() {
    // Long texts are read in pieces of 4000 characters: let the seam pass over every character of the rest.
    for (int length = 35_800; length < 36_050; length++) {
      String filler = "\"a\":\"" + "x".repeat(length) + "\"";
      String body = "{" + filler + ",\"client_id\":\"tab\",\"prompt\":{\"1\":" + NODE + "},\"last\":-1.5e3}";

      assertThat(stored(body))
        .startsWith("{" + filler + ",\"prompt\":{\"1\":" + NODE + "},\"last\":-1.5e3,\"prompt_id\":");
    }
  }

  @Test
  void byteOrderMarkIsTolerated() {
    assertThat(sent("\uFEFF{\"prompt\":{}}").getJsonObject("prompt")).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    Buffer latin = Buffer.buffer("{\"prompt\":{},\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));

    ApiException refusal = catchThrowableOfType(ApiException.class, () -> RequestSanitizer.inspect(USER, latin));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.NOT_JSON);
  }

  @Test
  void signOfReplacementThatWasReallySentPasses() {
    assertThat(stored("{\"prompt\":{},\"x\":\"\uFFFD\"}")).contains("\"x\":\"\uFFFD\"");
  }

  /** What is large comes in blocks, and its request is made of them; a large part of it may be a secret's name. */
  @Test
  void whatIsReadInBlocksIsTheSameRun() {
    String graph = "{\"1\":" + NODE + "}";
    String picture = "图x".repeat(300_000);
    Buffer body = Buffer.buffer("{\"prompt\":" + graph + ",\"prompt_id\":\"" + ID + "\",\"a\":\"" + picture
      + "\",\"extra_data\":{\"api_key\":\"s\",\"extra_pnginfo\":{\"workflow\":{\"p\":\"" + picture + "\"},\"b\":1}}}");
    RequestBlocks blocks = RequestBlocks.of(body);
    StrictJsonParser reader = new StrictJsonParser(RequestSanitizer::keeping);
    for (int at = 0; at < body.length(); at += SubmissionServices.BLOCK) {
      byte[] block = done(blocks.block(at / SubmissionServices.BLOCK)).getBytes();
      reader.read(block, 0, block.length);
    }

    Run run = RequestSanitizer.inspect(USER, reader.end(), blocks);

    assertThat(Payloads.text(run.payload())).isEqualTo(Payloads.text(RequestSanitizer.inspect(USER, body).payload()))
      .contains("\"a\":\"" + picture + "\"");
    assertThat(run.payload().length()).isEqualTo(Payloads.text(run.payload()).getBytes(StandardCharsets.UTF_8).length);
    assertThat(run.secrets()).contains("\"api_key\":\"s\"");
    assertThat(run.id().value()).isEqualTo(ID);
    assertThat(run.graph().orElseThrow().nodes().get("1").className()).contains("SaveImage");
    assertThat(run.graph().orElseThrow().nodes().get("1").inputs()).isPresent();
  }

  @Test
  void secretsAreNoPlaceForLargeThings() {
    refuses(ApiException.Code.INVALID_EXTRA_DATA,
      "{\"prompt\":{},\"extra_data\":{\"api_key\":\"" + "x".repeat(RequestSanitizer.MAX_SECRETS) + "\"}}");
  }

  private static Run inspect(String body) {
    return RequestSanitizer.inspect(USER, Buffer.buffer(body == null ? "" : body));
  }

  private static String stored(String body) {
    return Payloads.text(inspect(body).payload());
  }

  private static JsonObject sent(String body) {
    return sent(inspect(body));
  }

  private static JsonObject sent(Run run) {
    return new JsonObject(PromptRequest.complete(Payloads.text(run.payload()), run.secrets(), 1));
  }
}
