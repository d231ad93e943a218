package io.anteroom.edge.session;

import io.anteroom.comfy.SocketMessage;
import io.anteroom.edge.session.WebSocketMessage.Assembler;
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
 * A browser's end of a session. What it is told before its greeting waits for it. When it reads slowly, a preview that
 * could not be sent yet is replaced by the next one; nothing else is ever left out.
 *
 * <p>Made on the socket's own event loop; everything else happens on the session's.
 */
final class BrowserSocket {
  /** So much may be on the way before previews are left out. */
  static final int PREVIEWS_FIT = 256 << 10;
  /** So much may be on the way before nothing more is taken from the instance. */
  static final int ENOUGH = 512 << 10;

  private static final Logger log = LoggerFactory.getLogger(BrowserSocket.class);
  private static final short TOO_LARGE = 1009;

  private final ServerWebSocket socket;
  private final ReadControl valve;
  private final Future<Void> gone;
  private final Future<CloseReason> farewell;
  private volatile Context context;
  private volatile Consumer<WebSocketMessage> said;
  private SocketWriter outlet;
  private List<WebSocketMessage> beforeGreeting = new ArrayList<>();
  private long waiting;
  private WebSocketMessage preview;
  private SocketWriter.Standing before;
  private boolean hasSpoken;
  private boolean awaitsFlags;
  private boolean reads = true;

  /** @param unwelcome done when the browser must go */
  BrowserSocket(ServerWebSocket socket, Future<Void> unwelcome) {
    this.socket = socket;
    this.valve = new ReadControl(socket);
    socket.pause();
    valve.shut();
    socket.frameHandler(new Assembler(this::hears, () -> close(TOO_LARGE))::take);
    this.farewell = CloseReason.to(socket, unwelcome);
    this.gone = Future.future(closed -> socket.closeHandler(closed::complete));
  }

  /** Done when the socket is closed, on its own event loop. */
  Future<Void> gone() {
    return gone;
  }

  /**
   * Sends it away when it must go.
   *
   * @param parts called on the context when it has gone, and before it is sent away: what is told to it from then on is
   *              told to nobody
   */
  void whenItLeaves(Runnable parts) {
    farewell.onSuccess(due -> context.runOnContext(here -> {
      parts.run();
      due.say(socket);
    }));
    gone.onComplete(closed -> context.runOnContext(here -> parts.run()));
  }

  /**
   * Begins to read.
   *
   * @param hearing gets what the browser says
   * @param moved   called whenever something has left for the browser
   */
  void bind(Context to, Consumer<WebSocketMessage> hearing, Runnable moved) {
    said = hearing;
    context = to;
    outlet = new SocketWriter(socket, to, () -> {
      sendPreview();
      moved.run();
    });
    socket.resume();
    valve.open();
  }

  boolean isGreeted() {
    return beforeGreeting == null;
  }

  /** Tells the first words, and then all that came meanwhile. */
  void greet(List<WebSocketMessage> words) {
    if (!isGreeted()) {
      List<WebSocketMessage> meanwhile = beforeGreeting;
      beforeGreeting = null;
      waiting = 0;
      words.forEach(outlet::write);
      meanwhile.forEach(outlet::write);
    }
  }

  void tell(WebSocketMessage message) {
    if (isGreeted()) {
      outlet.write(message);
    } else {
      beforeGreeting.add(message);
      waiting += message.size();
    }
  }

  /** Tells it at once or, when much is on the way, as soon as it is not; unless there is a newer one by then. */
  void show(WebSocketMessage picture) {
    if (isGreeted() && outlet.onTheWay() <= PREVIEWS_FIT) {
      preview = null;
      outlet.write(picture);
    } else {
      preview = picture;
    }
  }

  /** Forgets a preview of a node that does not run any more. */
  void turnThePage() {
    preview = null;
  }

  /** Whether it must be given time. */
  boolean isFull() {
    return outlet.onTheWay() + waiting > ENOUGH;
  }

  /** Whether this is its first message, and its feature flags: the only place where ComfyUI looks for them. */
  boolean isFlags(WebSocketMessage message) {
    boolean first = !hasSpoken;
    hasSpoken = true;
    return first && message.isText() && SocketMessage.of(message.content()).type().equals(SocketMessage.FEATURE_FLAGS);
  }

  void awaitFlags() {
    awaitsFlags = true;
  }

  /** Whether it still waited for the instance's answer to its flags; asked once. */
  boolean isOwedFlags() {
    boolean owed = awaitsFlags;
    awaitsFlags = false;
    return owed;
  }

  /** Reads from the browser, or stops reading. */
  void reading(boolean on) {
    if (on && !reads) {
      valve.open();
    } else if (!on && reads) {
      valve.shut();
    }
    reads = on;
  }

  /**
   * Keeps whatever stands between us and the browser from taking a quiet socket for a dead one; and takes a browser
   * for dead that has taken nothing since the last time, before it holds up an instance that others use as well.
   */
  void ping() {
    SocketWriter.Standing now = outlet.standing();
    if (isFull() && now.equals(before)) {
      log.info("A browser that takes nothing any more is let go: bytes={}", outlet.onTheWay());
      valve.cut();
    } else if (!socket.isClosed()) {
      socket.writePing(Buffer.buffer()).onFailure(BrowserSocket::closedAlready);
    }
    before = now;
  }

  private void close(short code) {
    valve.open();
    CloseReason.close(socket, code, "A message has 16 MiB at most").onFailure(BrowserSocket::closedAlready);
  }

  private void hears(WebSocketMessage message) {
    context.runOnContext(here -> said.accept(message));
  }

  private void sendPreview() {
    if (preview != null && outlet.onTheWay() <= PREVIEWS_FIT) {
      WebSocketMessage latest = preview;
      preview = null;
      outlet.write(latest);
    }
  }

  private static void closedAlready(Throwable cause) {
    log.debug("A browser's socket was closed already: cause={}", cause.toString());
  }
}
