package io.anteroom.edge.session;

import io.vertx.core.Context;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes messages to a socket and counts the bytes that are pending (backpressure); used on one context only. */
final class SocketWriter {
  private static final Logger log = LoggerFactory.getLogger(SocketWriter.class);

  private final WebSocket socket;
  private final Context context;
  private final Runnable sent;
  private long pending;
  private long messages;

  /** @param sent called on the context after each message that was sent */
  SocketWriter(WebSocket socket, Context context, Runnable sent) {
    this.socket = socket;
    this.context = context;
    this.sent = sent;
  }

  void write(WebSocketMessage message) {
    if (socket.isClosed()) {
      return;
    }
    pending += message.size();
    socket.writeFrame(message.frame())
      .onFailure(gone -> log.debug("A message was lost with its socket: cause={}", gone.toString()))
      .onComplete(done -> context.runOnContext(here -> onSent(message.size())));
  }

  /** Bytes that were written but not sent yet, counted here: Vert.x counts frames, whatever their size. */
  long pending() {
    return pending;
  }

  /** Changes whenever anything was sent, also a part of a large message. */
  Position position() {
    return new Position(messages, ((WebSocketInternal) socket).channelHandlerContext().channel().bytesBeforeWritable());
  }

  /** How far sending has come: messages sent, and bytes before the channel is writable. */
  record Position(long messages, long bytes) {
  }

  private void onSent(int size) {
    pending -= size;
    messages++;
    sent.run();
  }
}
