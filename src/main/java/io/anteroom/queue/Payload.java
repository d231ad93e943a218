package io.anteroom.queue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.IntFunction;

/** The request of a task for its instance, in parts: a large one is never in memory as a whole. */
public interface Payload {
  /**
   * The bytes of each part but the last. An array of 512 KB or more would be a humongous object, which takes whole
   * regions of a small heap.
   */
  int PART = 448 << 10;

  /** In bytes. */
  long length();

  /** A part by its index, from 0 on. */
  Future<Buffer> part(int index);

  /** How many parts there are. */
  default int parts() {
    return parts(length());
  }

  /** How many parts this many bytes have. */
  static int parts(long length) {
    return (int) ((length + PART - 1) / PART);
  }

  /** Runs the steps one after the other, until one fails. */
  static Future<Void> inTurn(int from, int to, IntFunction<Future<Void>> step) {
    if (to - from <= 1) {
      return to == from ? Future.succeededFuture() : step.apply(from);
    }
    // By halves: a chain of thousands of futures would end in as many nested calls.
    int middle = (from + to) >>> 1;
    return inTurn(from, middle, step).compose(done -> inTurn(middle, to, step));
  }

  /** A payload in memory. */
  static Payload of(Buffer whole) {
    return new Payload() {
      @Override
      public long length() {
        return whole.length();
      }

      @Override
      public Future<Buffer> part(int index) {
        return Future.succeededFuture(whole.slice(index * PART, Math.min(whole.length(), (index + 1) * PART)));
      }
    };
  }

  /** The same for a text. */
  static Payload of(String text) {
    return of(Buffer.buffer(text));
  }
}
