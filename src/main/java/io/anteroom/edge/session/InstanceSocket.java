package io.anteroom.edge.session;

import io.anteroom.edge.session.WebSocketMessage.Assembler;
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
 * Our socket to one instance under one client id: opened only when the one before is really closed, and again, later
 * and later, when it breaks.
 */
final class InstanceSocket {
  private static final Logger log = LoggerFactory.getLogger(InstanceSocket.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final int DOUBLINGS = 4;
  /** So much may be on the way to the instance before nothing more is taken from browsers. */
  private static final int ENOUGH = 256 << 10;
  private static final short TOO_LARGE = 1009;
  private static final short GOING_AWAY = 1001;

  private final SessionContext means;
  private final Supplier<Optional<WebSocketConnectOptions>> target;
  private final Listener listener;
  private Future<WebSocket> attempt = Future.succeededFuture();
  private Future<Void> gone = Future.succeededFuture();
  private String place = "";
  private WebSocket socket;
  private SocketWriter outlet;
  private boolean wanted;
  private boolean closing;
  private boolean reads = true;
  private int failures;
  private long retry = -1;

  /** @param target where to connect; empty while there is no such place */
  InstanceSocket(SessionContext means, Supplier<Optional<WebSocketConnectOptions>> target, Listener listener) {
    this.means = means;
    this.target = target;
    this.listener = listener;
  }

  /** Who is told what happens at the socket, on the session's context. */
  interface Listener {
    void opened();

    void heard(WebSocketMessage said);

    void closed();

    /** Something has left for the instance. */
    void moved();

    /** A message of the instance cannot be passed on. */
    void tooLarge();
  }

  boolean isOpen() {
    return socket != null && !closing;
  }

  /** Keeps it open from now on; answered when an attempt came to something, good or bad. */
  Future<Void> open() {
    wanted = true;
    if (socket == null && attempt.isComplete()) {
      connect();
    }
    return attempt.<Void>mapEmpty().otherwiseEmpty();
  }

  /** Does not want it any more; answered when it is closed. */
  Future<Void> close() {
    wanted = false;
    means.vertx().cancelTimer(retry);
    hangUp(GOING_AWAY);
    return attempt.otherwiseEmpty().compose(done -> gone);
  }

  /** Closes it and opens it again. */
  void reopen() {
    failures = 0;
    hangUp(GOING_AWAY);
  }

  /** Tells the instance; lost when there is no socket. */
  void tell(WebSocketMessage said) {
    if (isOpen()) {
      outlet.write(said);
    }
  }

  boolean isFull() {
    return outlet != null && outlet.onTheWay() > ENOUGH;
  }

  /** Reads from the instance, or stops reading. */
  void reading(boolean on) {
    if (on != reads) {
      reads = on;
      turnValve();
    }
  }

  /** Finds out about an instance whose machine was switched off; an idle socket would never tell. */
  void ping() {
    if (isOpen()) {
      socket.writePing(Buffer.buffer()).onFailure(InstanceSocket::closedAlready);
    }
  }

  private void connect() {
    means.vertx().cancelTimer(retry);
    attempt = target.get().map(this::dial).orElseGet(() -> Future.failedFuture("there is no such instance"));
    attempt.onComplete(this::connected, this::failed);
  }

  private Future<WebSocket> dial(WebSocketConnectOptions to) {
    place = to.getHost() + ":" + to.getPort() + to.getURI();
    ClientWebSocket next = means.sockets().webSocket();
    next.frameHandler(new Assembler(this::heard, () -> {
      listener.tooLarge();
      hangUp(TOO_LARGE);
    })::take);
    next.exceptionHandler(this::broken);
    Future<Void> closed = Future.future(done -> next.closeHandler(done::complete));
    return means.partings().done(place, means.context())
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
    outlet = new SocketWriter(open, means.context(), listener::moved);
    gone.onComplete(closed -> lost());
    turnValve();
    if (wanted) {
      listener.opened();
    } else {
      hangUp(GOING_AWAY);
    }
  }

  private void heard(WebSocketMessage said) {
    failures = 0;
    if (!closing) {
      listener.heard(said);
    }
  }

  private void failed(Throwable cause) {
    log.debug("No socket to the instance: place={} cause={}", place, cause.toString());
    later();
  }

  private void lost() {
    boolean onPurpose = closing;
    socket = null;
    outlet = null;
    closing = false;
    listener.closed();
    listener.moved();
    if (wanted && onPurpose) {
      connect();
    } else {
      later();
    }
  }

  private void later() {
    if (wanted) {
      Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures++, DOUBLINGS));
      means.vertx().cancelTimer(retry);
      retry = means.vertx().setTimer(Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()), again -> {
        if (wanted && socket == null && attempt.isComplete()) {
          connect();
        }
      });
    }
  }

  /** With an open valve, for the other side's goodbye must be read. */
  private void hangUp(short code) {
    if (isOpen()) {
      closing = true;
      means.partings().begin(place, gone);
      new ReadControl(socket).open();
      socket.close(code).onFailure(InstanceSocket::closedAlready);
    }
  }

  private void turnValve() {
    if (isOpen()) {
      ReadControl valve = new ReadControl(socket);
      if (reads) {
        valve.open();
      } else {
        valve.shut();
      }
    }
  }

  private static void closedAlready(Throwable cause) {
    log.debug("A socket to an instance ended: cause={}", cause.toString());
  }
}
