package io.anteroom.edge.admission;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that were taken. */
record Counted(WriteStream<Buffer> into, AtomicLong taken) implements WriteStream<Buffer> {
  @Override
  public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    into.exceptionHandler(handler);
    return this;
  }

  @Override
  public Future<Void> write(Buffer data) {
    taken.addAndGet(data.length());
    return into.write(data);
  }

  @Override
  public Future<Void> end() {
    return into.end();
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
    into.setWriteQueueMaxSize(size);
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return into.writeQueueFull();
  }

  @Override
  public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
    into.drainHandler(handler);
    return this;
  }
}
