package io.anteroom.edge.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One whole message of a socket. */
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

  /** A frame of its own for each socket: what is sent is used up. */
  WebSocketFrame frame() {
    return isText ? WebSocketFrame.textFrame(text(), true) : WebSocketFrame.binaryFrame(content, true);
  }

  /** Puts the fragments of a message together, so that no other message falls between them on their way on. */
  static final class Assembler {
    private final Consumer<WebSocketMessage> whole;
    private final Runnable tooLarge;
    private Buffer parts;
    private boolean isText;

    /**
     * @param whole    gets every message
     * @param tooLarge called when one is larger than {@link WebSocketTunnel#LARGEST_FRAME}; it is thrown away
     */
    Assembler(Consumer<WebSocketMessage> whole, Runnable tooLarge) {
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
      if (parts.length() + more.length() > WebSocketTunnel.LARGEST_FRAME) {
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
