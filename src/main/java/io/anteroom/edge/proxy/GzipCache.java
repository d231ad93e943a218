package io.anteroom.edge.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses large answers in small steps, so that an event loop does other things in between, and remembers what it
 * compressed last by its content. Safe to use from every event loop.
 */
final class GzipCache {
  private static final int STEP = 64 << 10;
  private static final int MOST_REMEMBERED = 64;
  private static final long MOST_BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);
  private static final int TAG_LENGTH = 32;

  private final Vertx vertx;
  /** By tag, least recently used first. Guarded by this. */
  private final Map<String, Buffer> remembered = new LinkedHashMap<>(16, 0.75f, true);

  GzipCache(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * An answer in both forms.
   *
   * @param tag the same for the same content, and for no other
   */
  record Packed(String tag, Buffer plain, Buffer gzipped) {
  }

  Future<Packed> pack(Buffer plain) {
    MessageDigest digest = digest();
    return inSteps(plain, 0, digest::update)
      .map(done -> HexFormat.of().formatHex(digest.digest()).substring(0, TAG_LENGTH))
      .compose(tag -> gzipped(tag, plain).map(gzipped -> new Packed(tag, plain, gzipped)));
  }

  private Future<Buffer> gzipped(String tag, Buffer plain) {
    return recall(tag).map(Future::succeededFuture)
      .orElseGet(() -> gzip(plain).onSuccess(gzipped -> remember(tag, gzipped)));
  }

  private Future<Buffer> gzip(Buffer plain) {
    try {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      GZIPOutputStream gzip = new GZIPOutputStream(compressed);
      return inSteps(plain, 0, bytes -> write(gzip, bytes)).map(done -> {
        close(gzip);
        return Buffer.buffer(compressed.toByteArray());
      });
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private Future<Void> inSteps(Buffer all, int from, Consumer<byte[]> step) {
    int to = Math.min(all.length(), from + STEP);
    step.accept(all.getBytes(from, to));
    return to == all.length() ? Future.succeededFuture()
      : Future.<Void>future(go -> vertx.runOnContext(now -> go.complete())).compose(now -> inSteps(all, to, step));
  }

  private synchronized Optional<Buffer> recall(String tag) {
    return Optional.ofNullable(remembered.get(tag));
  }

  private synchronized void remember(String tag, Buffer gzipped) {
    remembered.put(tag, gzipped);
    while (remembered.size() > MOST_REMEMBERED || bytes() > MOST_BYTES) {
      remembered.remove(remembered.keySet().iterator().next());
    }
  }

  private long bytes() {
    return remembered.values().stream().mapToLong(Buffer::length).sum();
  }

  private static void write(GZIPOutputStream gzip, byte[] bytes) {
    try {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static void close(GZIPOutputStream gzip) {
    try {
      gzip.close();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
