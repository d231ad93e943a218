package io.anteroom.edge;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.json.JsonObject;

/** What the edge answered. */
public record Reply(int status, MultiMap headers, Buffer body) {
  /** The whole answer to a request that is not sent yet; asked for later, the body would be lost. */
  public static Future<Reply> to(HttpClientRequest request) {
    return request.response().compose(answer ->
      answer.body().map(body -> new Reply(answer.statusCode(), answer.headers(), body)));
  }

  public JsonObject json() {
    return body.toJsonObject();
  }

  public String text() {
    return body.toString();
  }

  public String header(String name) {
    return headers.get(name);
  }

  /** The type of the error, {@code unknown_user}. */
  public String error() {
    return json().getJsonObject("error").getString("type");
  }
}
