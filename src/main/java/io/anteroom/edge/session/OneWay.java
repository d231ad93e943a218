package io.anteroom.edge.session;

import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes the frames of one socket to another, and reads no faster than they are taken there. */
final class OneWay {
  private static final Logger log = LoggerFactory.getLogger(OneWay.class);

  /** Counted in bytes by ourselves: Vert.x' {@code writeQueueFull} counts sixteen frames, whatever their size. */
  private static final int ENOUGH = 256 << 10;

  private final WebSocket from;
  private final WebSocket to;
  private final Valve valve;
  private int onTheWay;

  OneWay(WebSocket from, WebSocket to) {
    this.from = from;
    this.to = to;
    this.valve = new Valve(from);
  }

  void start() {
    if (from.isClosed()) {
      return;
    }
    from.frameHandler(frame -> {
      if (isData(frame) && !to.isClosed()) {
        pass(frame);
      }
    });
    from.resume();
    valve.open();
  }

  private void pass(WebSocketFrame frame) {
    int size = frame.binaryData().length();
    onTheWay += size;
    if (onTheWay > ENOUGH) {
      valve.shut();
    }
    to.writeFrame(frame)
      .onFailure(gone -> log.debug("A frame was lost with its socket: cause={}", gone.toString()))
      .onComplete(sent -> arrived(size));
  }

  private void arrived(int size) {
    onTheWay -= size;
    if (onTheWay <= ENOUGH) {
      valve.open();
    }
  }

  private static boolean isData(WebSocketFrame frame) {
    return frame.isText() || frame.isBinary() || frame.isContinuation();
  }
}
