package io.anteroom.edge.session;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Stops and starts reading from a socket at its channel (backpressure).
 *
 * <p>Vert.x' own {@code pause} counts frames, not bytes: it accepts two dozen more, of up to 16 MiB each.
 */
final class ReadControl {
  private final ChannelHandlerContext pipeline;

  ReadControl(WebSocket socket) {
    pipeline = ((WebSocketInternal) socket).channelHandlerContext();
  }

  void pause() {
    pipeline.channel().config().setAutoRead(false);
  }

  void resume() {
    pipeline.channel().config().setAutoRead(true);
  }

  /**
   * Closes the connection without a close frame, which would wait behind everything that the other side does not read.
   */
  void abort() {
    pipeline.close();
  }
}
