package io.anteroom.queueapi;

import io.anteroom.bus.QueueServices;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** What a client has sent, in blocks of {@link QueueServices#BLOCK} bytes, wherever it is kept. */
public interface Blocks {
  Future<Buffer> block(int index);

  /** Of what is in memory. */
  static Blocks of(Buffer whole) {
    return index -> Future.succeededFuture(whole.slice(index * QueueServices.BLOCK,
      Math.min(whole.length(), (index + 1) * QueueServices.BLOCK)));
  }
}
