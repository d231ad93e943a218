package io.anteroom.queueapi.request;

import io.anteroom.bus.SubmissionServices;
import io.anteroom.queue.Payload;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request composed of raw pieces of what the client sent and of our own; cheapest when read in order. */
public final class ComposedPayload implements Payload {
  private final RequestBlocks sent;
  private final Piece[] pieces;
  /** The end of each piece in the request. */
  private final long[] ends;
  private int lastIndex = -1;
  private Buffer lastBlock;

  /** Bytes of ours, or else a range of what the client sent. */
  private record Piece(byte[] ours, long from, long to) {
    long length() {
      return ours == null ? to - from : ours.length;
    }
  }

  private ComposedPayload(RequestBlocks sent, List<Piece> pieces) {
    this.sent = sent;
    this.pieces = pieces.toArray(Piece[]::new);
    this.ends = new long[pieces.size()];
    long end = 0;
    for (int at = 0; at < ends.length; at++) {
      end += this.pieces[at].length();
      ends[at] = end;
    }
  }

  /** Builds one. */
  public static final class Builder {
    private static final byte[] COMMA = {','};

    private final List<Piece> pieces = new ArrayList<>();

    public Builder add(String ours) {
      pieces.add(new Piece(ours.getBytes(StandardCharsets.UTF_8), 0, 0));
      return this;
    }

    public Builder add(JsonMember sent) {
      pieces.add(new Piece(null, sent.start(), sent.end()));
      return this;
    }

    public Builder comma() {
      pieces.add(new Piece(COMMA, 0, 0));
      return this;
    }

    public ComposedPayload of(RequestBlocks sent) {
      return new ComposedPayload(sent, pieces);
    }
  }

  @Override
  public long length() {
    return ends[ends.length - 1];
  }

  @Override
  public Future<Buffer> part(int index) {
    long from = (long) index * PART;
    int size = (int) Math.min(PART, length() - from);
    return fill(Buffer.buffer(size), from, size);
  }

  /** Appends from this offset of the request on, until the part has its size. */
  private Future<Buffer> fill(Buffer part, long from, int size) {
    for (int at = pieceAt(from + part.length()); part.length() < size; at++) {
      Piece piece = pieces[at];
      long skipped = from + part.length() - (ends[at] - piece.length());
      int wanted = (int) Math.min(size - part.length(), piece.length() - skipped);
      if (piece.ours() != null) {
        part.appendBytes(piece.ours(), (int) skipped, wanted);
      } else if (!appendSent(part, piece.from() + skipped, wanted)) {
        int missing = (int) ((piece.from() + from
          + part.length() - (ends[at] - piece.length())) / SubmissionServices.BLOCK);
        return sent.block(missing).compose(block -> {
          lastIndex = missing;
          lastBlock = block;
          return fill(part, from, size);
        });
      }
    }
    return Future.succeededFuture(part);
  }

  /** Appends some of the sent bytes; false if not all of them are loaded. */
  private boolean appendSent(Buffer part, long from, int wanted) {
    long start = (long) lastIndex * SubmissionServices.BLOCK;
    if (lastBlock == null || from < start || from >= start + lastBlock.length()) {
      return false;
    }
    int offset = (int) (from - start);
    int there = Math.min(wanted, lastBlock.length() - offset);
    part.appendBuffer(lastBlock, offset, there);
    return there == wanted;
  }

  private int pieceAt(long offset) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
