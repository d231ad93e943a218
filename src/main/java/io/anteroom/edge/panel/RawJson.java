package io.anteroom.edge.panel;

import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.Json;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;

/** Joins JSON texts without parsing or copying them: they may be many megabytes. */
final class RawJson {
  private RawJson() {
  }

  static Buffer list(Stream<Buffer> items) {
    return joined("[", items.iterator(), "]");
  }

  static Buffer object(Stream<Map.Entry<String, Buffer>> members) {
    return joined("{", members.map(member ->
      concat(Buffer.buffer(Json.encode(member.getKey())), Buffer.buffer(":"), member.getValue())).iterator(), "}");
  }

  /** One text after the other. */
  static Buffer concat(Buffer... parts) {
    CompositeByteBuf text = empty();
    for (Buffer part : parts) {
      add(text, part);
    }
    return BufferInternal.buffer(text);
  }

  private static Buffer joined(String open, Iterator<Buffer> items, String close) {
    CompositeByteBuf text = empty();
    add(text, Buffer.buffer(open));
    while (items.hasNext()) {
      add(text, items.next());
      if (items.hasNext()) {
        add(text, Buffer.buffer(","));
      }
    }
    add(text, Buffer.buffer(close));
    return BufferInternal.buffer(text);
  }

  private static CompositeByteBuf empty() {
    return new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, Integer.MAX_VALUE);
  }

  private static void add(CompositeByteBuf text, Buffer part) {
    text.addComponent(true, ((BufferInternal) part).getByteBuf());
  }
}
