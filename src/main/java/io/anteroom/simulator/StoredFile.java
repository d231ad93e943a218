package io.anteroom.simulator;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.function.Supplier;

/** One file of an instance. A picture that nobody asks for is never drawn. */
record StoredFile(Supplier<Buffer> source, Instant modified) {

  static StoredFile of(Buffer content, Instant modified) {
    return new StoredFile(() -> content, modified);
  }

  Buffer content() {
    return source.get();
  }
}
