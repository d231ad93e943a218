package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two bounds on what the cache holds: bytes and entries. */
class GzipCacheTest {
  private static final int KIB = 1024;
  private final Vertx vertx = Vertx.vertx();
  private final GzipCache cache = new GzipCache(vertx, 64 * KIB, KIB);

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void equalContentIsCompressedOnce() {
    Buffer first = done(cache.pack(Buffer.buffer("a".repeat(KIB)))).gzipped();
    Buffer second = done(cache.pack(Buffer.buffer("a".repeat(KIB)))).gzipped();

    assertThat(second).isSameAs(first);
  }

  @Test
  void manySmallResponsesAreBoundedByNumber() {
    for (int i = 0; i < 3 * GzipCache.MAX_ENTRIES; i++) {
      done(cache.pack(Buffer.buffer("small " + i)));
    }

    assertThat(cache.cachedEntries()).isEqualTo(GzipCache.MAX_ENTRIES);
  }

  @Test
  void largeResponsesAreBoundedByBytes() {
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      byte[] incompressible = new byte[10 * KIB];
      random.nextBytes(incompressible);
      done(cache.pack(Buffer.buffer(incompressible)));
    }

    assertThat(cache.cachedBytes()).isBetween(50L * KIB, 64L * KIB);
  }
}
