package io.anteroom.edge;

import io.anteroom.support.Soon;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;

/** What the edge answered. */
record Reply(int status, MultiMap headers, Buffer body) {
  /** The whole answer, once it has come. */
  static Reply to(Future<HttpClientResponse> response) {
    return Soon.of(response.compose(answer ->
      answer.body().map(body -> new Reply(answer.statusCode(), answer.headers(), body))));
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
