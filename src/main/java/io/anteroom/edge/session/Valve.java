package io.anteroom.edge.session;

import io.netty.channel.ChannelConfig;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Stops and starts reading from a socket at its channel.
 *
 * <p>Vert.x' own {@code pause} counts frames, not bytes: it takes in two dozen more, of up to 16 MiB each.
 */
final class Valve {
  private final ChannelConfig channel;

  Valve(WebSocket socket) {
    channel = ((WebSocketInternal) socket).channelHandlerContext().channel().config();
  }

  void shut() {
    channel.setAutoRead(false);
  }

  void open() {
    channel.setAutoRead(true);
  }
}
