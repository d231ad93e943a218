package io.anteroom.edge.session;

import io.anteroom.edge.session.WebSocketMessage.Aggregator;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket to one instance under one client id: opened only when the one before is completely closed, and reopened
 * with exponential backoff when it breaks.
 */
final class InstanceSocket {
  private static final Logger log = LoggerFactory.getLogger(InstanceSocket.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(15);
  private static final int DOUBLINGS = 4;
  /** The most bytes that may be pending for the instance before reading from browsers stops. */
  private static final int MAX_PENDING = 256 << 10;
  private static final short TOO_LARGE = 1009;
  private static final short GOING_AWAY = 1001;

  private final SessionContext context;
  private final Supplier<Optional<WebSocketConnectOptions>> target;
  private final Listener listener;
  private Future<WebSocket> attempt = Future.succeededFuture();
  private Future<Void> gone = Future.succeededFuture();
  private String address = "";
  private WebSocket socket;
  private SocketWriter writer;
  private boolean wanted;
  private boolean closing;
  private boolean reads = true;
  private int failures;
  private long retry = -1;

  /** @param target where to connect; empty while there is no such instance */
  InstanceSocket(SessionContext context, Supplier<Optional<WebSocketConnectOptions>> target, Listener listener) {
    this.context = context;
    this.target = target;
    this.listener = listener;
  }

  /** Receives the events of the socket, on the session's context. */
  interface Listener {
    void opened();

    void onMessage(WebSocketMessage message);

    void closed();

    /** Bytes were sent to the instance. */
    void pendingChanged();

    /** A message of the instance is too large to be forwarded. */
    void tooLarge();
  }

  boolean isOpen() {
    return socket != null && !closing;
  }

  /** Keeps it open from now on; done when an attempt has succeeded or failed. */
  Future<Void> open() {
    wanted = true;
    if (socket == null && attempt.isComplete()) {
      connect();
    }
    return attempt.<Void>mapEmpty().otherwiseEmpty();
  }

  /** Closes it for good; done when it is closed. */
  Future<Void> close() {
    wanted = false;
    context.vertx().cancelTimer(retry);
    startClose(GOING_AWAY);
    return attempt.otherwiseEmpty().compose(done -> gone);
  }

  /** Closes it and opens it again. */
  void reopen() {
    failures = 0;
    startClose(GOING_AWAY);
  }

  /** Sends to the instance; the message is lost when there is no socket. */
  void send(WebSocketMessage message) {
    if (isOpen()) {
      writer.write(message);
    }
  }

  boolean isFull() {
    return writer != null && writer.pending() > MAX_PENDING;
  }

  /** Starts or stops reading from the instance (backpressure). */
  void reading(boolean on) {
    if (on != reads) {
      reads = on;
      applyReading();
    }
  }

  /** Detects an instance whose machine was switched off; an idle socket would never notice. */
  void ping() {
    if (isOpen()) {
      socket.writePing(Buffer.buffer()).onFailure(InstanceSocket::closedAlready);
    }
  }

  private void connect() {
    context.vertx().cancelTimer(retry);
    attempt = target.get().map(this::connectTo).orElseGet(() -> Future.failedFuture("there is no such instance"));
    attempt.onComplete(this::connected, this::failed);
  }

  private Future<WebSocket> connectTo(WebSocketConnectOptions to) {
    address = to.getHost() + ":" + to.getPort() + to.getURI();
    ClientWebSocket next = context.sockets().webSocket();
    next.frameHandler(new Aggregator(this::onMessage, () -> {
      listener.tooLarge();
      startClose(TOO_LARGE);
    })::take);
    next.exceptionHandler(this::broken);
    Future<Void> closed = Future.future(done -> next.closeHandler(done::complete));
    return context.pendingCloses().done(address, context.loop())
      .compose(free -> next.connect(to))
      .onSuccess(open -> gone = closed);
  }

  private void broken(Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException wrong
        && wrong.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      listener.tooLarge();
    }
    closedAlready(cause);
  }

  private void connected(WebSocket open) {
    socket = open;
    closing = false;
    writer = new SocketWriter(open, context.loop(), listener::pendingChanged);
    gone.onComplete(closed -> onClosed());
    applyReading();
    if (wanted) {
      listener.opened();
    } else {
      startClose(GOING_AWAY);
    }
  }

  private void onMessage(WebSocketMessage message) {
    failures = 0;
    if (!closing) {
      listener.onMessage(message);
    }
  }

  private void failed(Throwable cause) {
    log.debug("No socket to the instance: address={} cause={}", address, cause.toString());
    scheduleRetry();
  }

  private void onClosed() {
    boolean onPurpose = closing;
    socket = null;
    writer = null;
    closing = false;
    listener.closed();
    listener.pendingChanged();
    if (wanted && onPurpose) {
      connect();
    } else {
      scheduleRetry();
    }
  }

  private void scheduleRetry() {
    if (wanted) {
      Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures++, DOUBLINGS));
      context.vertx().cancelTimer(retry);
      retry = context.vertx().setTimer(Math.min(pause.toMillis(), MAX_PAUSE.toMillis()), again -> {
        if (wanted && socket == null && attempt.isComplete()) {
          connect();
        }
      });
    }
  }

  /** Resumes reading, since the other side's close frame must be read. */
  private void startClose(short code) {
    if (isOpen()) {
      closing = true;
      context.pendingCloses().begin(address, gone);
      new ReadControl(socket).resume();
      socket.close(code).onFailure(InstanceSocket::closedAlready);
    }
  }

  private void applyReading() {
    if (isOpen()) {
      ReadControl readControl = new ReadControl(socket);
      if (reads) {
        readControl.resume();
      } else {
        readControl.pause();
      }
    }
  }

  private static void closedAlready(Throwable cause) {
    log.debug("A socket to an instance ended: cause={}", cause.toString());
  }
}
