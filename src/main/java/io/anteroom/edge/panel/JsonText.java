package io.anteroom.edge.panel;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;

/** Puts JSON texts together without reading them. */
final class JsonText {
  private JsonText() {
  }

  static Buffer list(Stream<Buffer> items) {
    return joined("[", items.iterator(), "]");
  }

  static Buffer object(Stream<Map.Entry<String, Buffer>> members) {
    return joined("{", members.map(member ->
      Buffer.buffer(Json.encode(member.getKey())).appendString(":").appendBuffer(member.getValue())).iterator(), "}");
  }

  private static Buffer joined(String open, Iterator<Buffer> items, String close) {
    Buffer text = Buffer.buffer(open);
    while (items.hasNext()) {
      text.appendBuffer(items.next());
      if (items.hasNext()) {
        text.appendString(",");
      }
    }
    return text.appendString(close);
  }
}
