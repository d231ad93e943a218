package io.anteroom.edge.admission;

import io.anteroom.bus.QueueServices;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A body as it comes in, in blocks: one that grew as a whole would be copied, and need its memory twice. */
public final class ReceivedBody {
  private final List<Buffer> blocks = new ArrayList<>();
  private long length;

  void append(Buffer chunk) {
    for (int from = 0; from < chunk.length();) {
      int used = (int) (length % QueueServices.BLOCK);
      if (used == 0) {
        blocks.add(Buffer.buffer());
      }
      int to = Math.min(chunk.length(), from + QueueServices.BLOCK - used);
      blocks.get(blocks.size() - 1).appendBuffer(chunk, from, to - from);
      length += to - from;
      from = to;
    }
  }

  /** In bytes. */
  public long length() {
    return length;
  }

  /** Whether it is one block. */
  public boolean isSmall() {
    return length <= QueueServices.BLOCK;
  }

  public Buffer block(int index) {
    return blocks.get(index);
  }

  /** All of it; to be asked only of what may not be large. */
  public Buffer whole() {
    if (blocks.size() == 1) {
      return blocks.get(0);
    }
    Buffer whole = Buffer.buffer((int) length);
    blocks.forEach(whole::appendBuffer);
    return whole;
  }
}
