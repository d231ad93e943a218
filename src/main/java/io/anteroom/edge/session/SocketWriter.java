package io.anteroom.edge.session;

import io.vertx.core.Context;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes messages into a socket and knows how much of them is still on the way; used on one context only. */
final class SocketWriter {
  private static final Logger log = LoggerFactory.getLogger(SocketWriter.class);

  private final WebSocket socket;
  private final Context context;
  private final Runnable moved;
  private long onTheWay;
  private long arrived;

  /** @param moved called on the context after each message that has left */
  SocketWriter(WebSocket socket, Context context, Runnable moved) {
    this.socket = socket;
    this.context = context;
    this.moved = moved;
  }

  void write(WebSocketMessage said) {
    if (socket.isClosed()) {
      return;
    }
    onTheWay += said.size();
    socket.writeFrame(said.frame())
      .onFailure(gone -> log.debug("A message was lost with its socket: cause={}", gone.toString()))
      .onComplete(sent -> context.runOnContext(here -> arrived(said.size())));
  }

  /** Bytes that were written and have not left yet, counted by ourselves: Vert.x counts frames, whatever their size. */
  long onTheWay() {
    return onTheWay;
  }

  /** Differs from before whenever anything at all has left, be it a part of a large message. */
  Standing standing() {
    return new Standing(arrived, ((WebSocketInternal) socket).channelHandlerContext().channel().bytesBeforeWritable());
  }

  /** How far sending has come: messages that have left, and bytes that hold up the next one. */
  record Standing(long messages, long bytes) {
  }

  private void arrived(int size) {
    onTheWay -= size;
    arrived++;
    moved.run();
  }
}
