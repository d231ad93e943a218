package io.anteroom.edge.session;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Stops and starts reading from a socket at its channel.
 *
 * <p>Vert.x' own {@code pause} counts frames, not bytes: it takes in two dozen more, of up to 16 MiB each.
 */
final class ReadControl {
  private final ChannelHandlerContext pipeline;

  ReadControl(WebSocket socket) {
    pipeline = ((WebSocketInternal) socket).channelHandlerContext();
  }

  void shut() {
    pipeline.channel().config().setAutoRead(false);
  }

  void open() {
    pipeline.channel().config().setAutoRead(true);
  }

  /** Ends the connection without a goodbye, which would wait behind all that the other side does not take. */
  void cut() {
    pipeline.close();
  }
}
