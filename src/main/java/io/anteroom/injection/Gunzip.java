package io.anteroom.injection;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Inflates a page that an instance compressed although it was asked not to. */
final class Gunzip {
  private Gunzip() {
  }

  /** The inflated bytes; empty when they break off, are damaged, or are more than {@code cap}. */
  static Optional<Buffer> inflate(Buffer compressed, int cap) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.getBytes()))) {
      byte[] inflated = in.readNBytes(cap + 1);
      return inflated.length > cap ? Optional.empty() : Optional.of(Buffer.buffer(inflated));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }
}
