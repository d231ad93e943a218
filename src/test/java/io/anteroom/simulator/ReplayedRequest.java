package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.Recording.Step;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends a recorded request once more and compares the answer. */
final class ReplayedRequest {

  private static final List<String> HEADERS_THAT_MATTER = List.of("Content-Type", "Content-Security-Policy",
    "Cache-Control", "Pragma", "Expires", "Accept-Ranges", "Content-Disposition", "X-Content-Type-Options",
    "Transfer-Encoding", "Connection", "Allow");
  private static final List<String> HEADERS_THAT_ARE_THERE = List.of("Etag", "Last-Modified");
  private static final Buffer DOT = Buffer.buffer(Base64.getDecoder().decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAA"
    + "fFcSJAAAACklEQVR4nGMAAQAABQABDQottAAAAABJRU5ErkJggg=="));
  private static final String BOUNDARY = "boundary";

  private final Vertx vertx;
  private final HttpClient client;
  private final int port;
  private final WireText ids;

  ReplayedRequest(Vertx vertx, int port, WireText ids) {
    this.vertx = vertx;
    this.client = vertx.createHttpClient();
    this.port = port;
    this.ids = ids;
  }

  void repeat(Step step) {
    String path = ids.translated(step.request().getString("path"));
    HttpMethod method = HttpMethod.valueOf(step.request().getString("method"));
    HttpClientResponse response = done(SimulatorClient.inLoop(vertx, () ->
      client.request(method, port, "127.0.0.1", path)
        .compose(request -> withHeaders(request, step).send(body(step)))
        .compose(answer -> answer.body().map(answer))));
    Buffer body = done(response.body());

    String as = method + " " + path + " " + step.note();
    assertThat(response.statusCode()).as(as).isEqualTo(step.response().getInteger("status"));
    assertThat(headers(response.headers())).as(as).isEqualTo(headers(recordedHeaders(step)));
    if (!path.equals("/")) {
      compareBodies(as, body, step);
    }
  }

  private void compareBodies(String as, Buffer body, Step step) {
    Object recorded = step.response().getValue("json");
    if (recorded == null) {
      assertThat(body.length()).as(as).isEqualTo(step.response().getInteger("length"));
      assertThat(textOrHex(body)).as(as).startsWith(step.response().getString("text_or_hex"));
      return;
    }
    Object ours = Json.decodeValue(body);
    if (step.request().getString("method").equals("POST")) {
      learnId(recorded, ours);
    }
    if (recorded instanceof JsonObject cut && cut.containsKey("<truncated>")) {
      assertThat(((JsonObject) ours).fieldNames()).as(as)
        .containsSubsequence(cut.getJsonArray("keys").stream().map(String::valueOf).toList());
      return;
    }
    Object expected = Json.decodeValue(ids.translated(Json.encode(recorded)));
    assertThat(WireText.of(ours)).as(as).isEqualTo(WireText.of(expected));
  }

  /** What the server makes up: the id of a prompt, and the ids of assets and of their bytes. */
  private void learnId(Object recorded, Object ours) {
    if (recorded instanceof JsonObject theirs && ours instanceof JsonObject answer) {
      for (String key : List.of("prompt_id", "id", "hash")) {
        if (theirs.getValue(key) instanceof String text && answer.getValue(key) instanceof String ourText) {
          ids.learnId(text.replace("blake3:", ""), ourText.replace("blake3:", ""));
        }
      }
      learnId(theirs.getValue("asset"), answer.getValue("asset"));
    }
  }

  private HttpClientRequest withHeaders(HttpClientRequest request, Step step) {
    step.request().getJsonObject("headers").forEach(header -> request.putHeader(header.getKey(),
      header.getValue().toString().replaceAll("127\\.0\\.0\\.1:8[123]88", "127.0.0.1:" + port)));
    if (step.request().containsKey("form") || step.request().getString("path").equals("/upload/image")) {
      request.putHeader("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }
    return request;
  }

  private Buffer body(Step step) {
    Object recorded = step.request().getValue("body");
    if (step.request().containsKey("form")) {
      return form(step.request().getJsonObject("form"));
    }
    if (!"<raw>".equals(recorded)) {
      return recorded == null ? Buffer.buffer() : Buffer.buffer(ids.translated(Json.encode(recorded)));
    }
    return switch (step.note()) {
      case "not JSON" -> Buffer.buffer("{this is no JSON");
      case "JSON but no object" -> new JsonArray().toBuffer();
      default -> form(JsonObject.of("image", "<dot>"));
    };
  }

  private static Buffer form(JsonObject fields) {
    Buffer form = Buffer.buffer();
    fields.forEach(field -> {
      boolean isFile = field.getValue().equals("<dot>");
      form.appendString("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field.getKey() + "\"")
        .appendString(isFile ? "; filename=\"dot.png\"\r\nContent-Type: image/png\r\n\r\n" : "\r\n\r\n")
        .appendBuffer(isFile ? DOT : Buffer.buffer(field.getValue().toString())).appendString("\r\n");
    });
    return form.appendString("--" + BOUNDARY + "--\r\n");
  }

  private static Iterable<Map.Entry<String, String>> recordedHeaders(Step step) {
    Map<String, String> headers = new TreeMap<>();
    step.response().getJsonObject("headers")
      .forEach(header -> headers.put(header.getKey(), header.getValue().toString()));
    return headers.entrySet();
  }

  private static Map<String, String> headers(Iterable<Map.Entry<String, String>> given) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> header : given) {
      if (HEADERS_THAT_MATTER.stream().anyMatch(header.getKey()::equalsIgnoreCase)) {
        headers.put(header.getKey(), header.getValue());
      } else if (HEADERS_THAT_ARE_THERE.stream().anyMatch(header.getKey()::equalsIgnoreCase)) {
        headers.put(header.getKey(), "is there");
      }
    }
    return headers;
  }

  private static String textOrHex(Buffer body) {
    String text = body.toString();
    if (text.chars().allMatch(c -> c >= ' ' && c < 127 || c == '\n')) {
      return text;
    }
    StringBuilder hex = new StringBuilder();
    for (byte b : body.getBytes()) {
      hex.append("%02x".formatted(b));
    }
    return hex.toString();
  }
}
