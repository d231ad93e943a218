package io.anteroom.edge.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One complete message of a WebSocket. */
record WebSocketMessage(boolean isText, Buffer content) {

  static WebSocketMessage text(String json) {
    return new WebSocketMessage(true, Buffer.buffer(json));
  }

  int size() {
    return content.length();
  }

  String text() {
    return content.toString(StandardCharsets.UTF_8);
  }

  /** A new frame for each socket: sending one consumes it. */
  WebSocketFrame frame() {
    return isText ? WebSocketFrame.textFrame(text(), true) : WebSocketFrame.binaryFrame(content, true);
  }

  /** Aggregates the frames of a message, so that no other message gets between them when it is forwarded. */
  static final class Aggregator {
    private final Consumer<WebSocketMessage> whole;
    private final Runnable tooLarge;
    private Buffer parts;
    private boolean isText;

    /**
     * @param whole    receives every message
     * @param tooLarge called when one is larger than {@link WebSocketTunnel#MAX_FRAME}; it is dropped
     */
    Aggregator(Consumer<WebSocketMessage> whole, Runnable tooLarge) {
      this.whole = whole;
      this.tooLarge = tooLarge;
    }

    void take(WebSocketFrame frame) {
      if (frame.isText() || frame.isBinary()) {
        if (frame.isFinal()) {
          whole.accept(new WebSocketMessage(frame.isText(), frame.binaryData()));
        } else {
          isText = frame.isText();
          parts = frame.binaryData().copy();
        }
      } else if (frame.isContinuation() && parts != null) {
        append(frame);
      }
    }

    private void append(WebSocketFrame frame) {
      Buffer more = frame.binaryData();
      if (parts.length() + more.length() > WebSocketTunnel.MAX_FRAME) {
        parts = null;
        tooLarge.run();
        return;
      }
      parts.appendBuffer(more);
      if (frame.isFinal()) {
        Buffer content = parts;
        parts = null;
        whole.accept(new WebSocketMessage(isText, content));
      }
    }
  }
}
