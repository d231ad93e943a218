package io.anteroom.queueapi.request;

import io.anteroom.bus.SubmissionServices;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** The body of a request, in blocks of {@link SubmissionServices#BLOCK} bytes, wherever it is stored. */
public interface RequestBlocks {
  Future<Buffer> block(int index);

  /** Of a body in memory. */
  static RequestBlocks of(Buffer whole) {
    return index -> Future.succeededFuture(whole.slice(index * SubmissionServices.BLOCK,
      Math.min(whole.length(), (index + 1) * SubmissionServices.BLOCK)));
  }
}
