package io.anteroom.support.browser;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonObject;

/** Reads the fields of a form or of a query. */
public final class Forms {
  private Forms() {
  }

  public static JsonObject fields(String text) {
    JsonObject fields = new JsonObject();
    new QueryStringDecoder(text, false).parameters().forEach((name, values) -> fields.put(name, values.get(0)));
    return fields;
  }
}
