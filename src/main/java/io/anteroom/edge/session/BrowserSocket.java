package io.anteroom.edge.session;

import io.anteroom.comfy.SocketMessage;
import io.anteroom.edge.session.WebSocketMessage.Aggregator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A browser's WebSocket. Messages before its greeting wait for that. When it reads slowly (backpressure), a preview
 * that could not be sent yet is replaced by the next one; nothing else is ever dropped.
 *
 * <p>Created on the socket's own event loop; everything else happens on the session's.
 */
final class BrowserSocket {
  /** The most bytes that may be pending before previews are dropped. */
  static final int MAX_PENDING_FOR_PREVIEWS = 256 << 10;
  /** The most bytes that may be pending before reading from the instance stops. */
  static final int MAX_PENDING = 512 << 10;

  private static final Logger log = LoggerFactory.getLogger(BrowserSocket.class);
  private static final short TOO_LARGE = 1009;

  private final ServerWebSocket socket;
  private final ReadControl readControl;
  private final Future<Void> gone;
  private final Future<CloseReason> closeReason;
  private volatile Context context;
  private volatile Consumer<WebSocketMessage> onMessage;
  private SocketWriter writer;
  private List<WebSocketMessage> beforeGreeting = new ArrayList<>();
  private long queued;
  private WebSocketMessage preview;
  private SocketWriter.Position lastPosition;
  private boolean hasSentMessage;
  private boolean awaitsFlags;
  private boolean reads = true;

  /** @param revoked done when the browser must be disconnected */
  BrowserSocket(ServerWebSocket socket, Future<Void> revoked) {
    this.socket = socket;
    this.readControl = new ReadControl(socket);
    socket.pause();
    readControl.pause();
    socket.frameHandler(new Aggregator(this::deliver, () -> close(TOO_LARGE))::take);
    this.closeReason = CloseReason.to(socket, revoked);
    this.gone = Future.future(closed -> socket.closeHandler(closed::complete));
  }

  /** Done when the socket is closed, on its own event loop. */
  Future<Void> gone() {
    return gone;
  }

  /**
   * Disconnects it when it must go.
   *
   * @param left called on the context when it has gone, and before it is disconnected: it receives nothing from then on
   */
  void onLeave(Runnable left) {
    closeReason.onSuccess(reason -> context.runOnContext(here -> {
      left.run();
      reason.say(socket);
    }));
    gone.onComplete(closed -> context.runOnContext(here -> left.run()));
  }

  /**
   * Begins to read.
   *
   * @param messages       receives the browser's messages
   * @param pendingChanged called whenever bytes were sent to the browser
   */
  void bind(Context to, Consumer<WebSocketMessage> messages, Runnable pendingChanged) {
    onMessage = messages;
    context = to;
    writer = new SocketWriter(socket, to, () -> {
      flushPreview();
      pendingChanged.run();
    });
    socket.resume();
    readControl.resume();
  }

  boolean isGreeted() {
    return beforeGreeting == null;
  }

  /** Sends the first messages, and then all that came meanwhile. */
  void greet(List<WebSocketMessage> first) {
    if (!isGreeted()) {
      List<WebSocketMessage> meanwhile = beforeGreeting;
      beforeGreeting = null;
      queued = 0;
      first.forEach(writer::write);
      meanwhile.forEach(writer::write);
    }
  }

  void send(WebSocketMessage message) {
    if (isGreeted()) {
      writer.write(message);
    } else {
      beforeGreeting.add(message);
      queued += message.size();
    }
  }

  /** Sends a preview at once or, when much is pending, as soon as it is not; unless there is a newer one by then. */
  void showPreview(WebSocketMessage image) {
    if (isGreeted() && writer.pending() <= MAX_PENDING_FOR_PREVIEWS) {
      preview = null;
      writer.write(image);
    } else {
      preview = image;
    }
  }

  /** Drops a preview of a node that no longer runs. */
  void dropPreview() {
    preview = null;
  }

  /** Whether too much is pending. */
  boolean isFull() {
    return writer.pending() + queued > MAX_PENDING;
  }

  /** Whether this is its first message, and its feature flags: ComfyUI reads them only there. */
  boolean isFlags(WebSocketMessage message) {
    boolean first = !hasSentMessage;
    hasSentMessage = true;
    return first && message.isText() && SocketMessage.of(message.content()).type().equals(SocketMessage.FEATURE_FLAGS);
  }

  void awaitFlags() {
    awaitsFlags = true;
  }

  /** Whether it still waits for the instance's answer to its flags; true once. */
  boolean isOwedFlags() {
    boolean owed = awaitsFlags;
    awaitsFlags = false;
    return owed;
  }

  /** Starts or stops reading from the browser (backpressure). */
  void reading(boolean on) {
    if (on && !reads) {
      readControl.resume();
    } else if (!on && reads) {
      readControl.pause();
    }
    reads = on;
  }

  /**
   * Keeps proxies in between from closing a quiet socket; and disconnects a browser that has read nothing since the
   * last time, before it holds up an instance that others use as well.
   */
  void ping() {
    SocketWriter.Position now = writer.position();
    if (isFull() && now.equals(lastPosition)) {
      log.info("A browser reads nothing, it is disconnected: bytes={}", writer.pending());
      readControl.abort();
    } else if (!socket.isClosed()) {
      socket.writePing(Buffer.buffer()).onFailure(BrowserSocket::closedAlready);
    }
    lastPosition = now;
  }

  private void close(short code) {
    readControl.resume();
    CloseReason.close(socket, code, "A message has 16 MiB at most").onFailure(BrowserSocket::closedAlready);
  }

  private void deliver(WebSocketMessage message) {
    context.runOnContext(here -> onMessage.accept(message));
  }

  private void flushPreview() {
    if (preview != null && writer.pending() <= MAX_PENDING_FOR_PREVIEWS) {
      WebSocketMessage latest = preview;
      preview = null;
      writer.write(latest);
    }
  }

  private static void closedAlready(Throwable cause) {
    log.debug("A browser's socket was closed already: cause={}", cause.toString());
  }
}
