package io.anteroom.edge;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.json.JsonObject;

/** What the edge answered. */
record Reply(int status, MultiMap headers, Buffer body) {
  /** The whole answer to a request that is not sent yet; asked for later, the body would be lost. */
  static Future<Reply> to(HttpClientRequest request) {
    return request.response().compose(answer ->
      answer.body().map(body -> new Reply(answer.statusCode(), answer.headers(), body)));
  }

  JsonObject json() {
    return body.toJsonObject();
  }

  String text() {
    return body.toString();
  }

  String header(String name) {
    return headers.get(name);
  }

  /** The type of the error, {@code unknown_user}. */
  String error() {
    return json().getJsonObject("error").getString("type");
  }
}
