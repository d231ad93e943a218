package io.anteroom.simulator.execution;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.function.Supplier;

/** One file of an instance. A picture that nobody asks for is never drawn. */
public record StoredFile(Supplier<Buffer> source, Instant modified) {

  public static StoredFile of(Buffer content, Instant modified) {
    return new StoredFile(() -> content, modified);
  }

  public Buffer content() {
    return source.get();
  }
}
