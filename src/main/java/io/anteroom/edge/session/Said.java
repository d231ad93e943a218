package io.anteroom.edge.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;

/** One whole message of a socket. */
record Said(boolean isText, Buffer content) {

  static Said text(String json) {
    return new Said(true, Buffer.buffer(json));
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
}
