package io.anteroom.edge.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.identity.Sha256;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses large responses in small steps, so that none blocks the event loop, and caches the result by content. Safe
 * to use from every event loop.
 */
final class GzipCache {
  private static final int STEP = 64 << 10;
  static final int MAX_ENTRIES = 64;
  private static final long MAX_BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);
  /** What an entry weighs at least, so that one bound holds for bytes and for entries. */
  private static final int MIN_WEIGHT = (int) (MAX_BYTES / MAX_ENTRIES);
  private static final int TAG_LENGTH = 32;

  private final Vertx vertx;
  private final Cache<String, Buffer> gzippedByTag;

  GzipCache(Vertx vertx) {
    this(vertx, MAX_BYTES, MIN_WEIGHT);
  }

  GzipCache(Vertx vertx, long maxBytes, int minWeight) {
    this.vertx = vertx;
    this.gzippedByTag = Caches.builder().maximumWeight(maxBytes)
      .weigher((String tag, Buffer gzipped) -> Math.max(minWeight, gzipped.length())).build();
  }

  /**
   * A response in both forms.
   *
   * @param tag the same for equal content, different for any other
   */
  record Packed(String tag, Buffer plain, Buffer gzipped) {
  }

  Future<Packed> pack(Buffer plain) {
    MessageDigest digest = Sha256.digest();
    return inSteps(plain, 0, digest::update)
      .map(done -> HexFormat.of().formatHex(digest.digest()).substring(0, TAG_LENGTH))
      .compose(tag -> gzipped(tag, plain).map(gzipped -> new Packed(tag, plain, gzipped)));
  }

  private Future<Buffer> gzipped(String tag, Buffer plain) {
    Buffer known = gzippedByTag.getIfPresent(tag);
    return known != null ? Future.succeededFuture(known)
      : gzip(plain).onSuccess(gzipped -> gzippedByTag.put(tag, gzipped));
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

  /** The bytes that are cached, for tests. */
  long cachedBytes() {
    return gzippedByTag.asMap().values().stream().mapToLong(Buffer::length).sum();
  }

  /** The number of cached responses, for tests. */
  int cachedEntries() {
    return gzippedByTag.asMap().size();
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
}
