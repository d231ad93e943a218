package io.anteroom.edge.session;

import io.anteroom.config.Settings;
import io.anteroom.edge.session.CloseReason.PendingCloses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tunnels a browser's WebSocket to the instance, for paths that only custom nodes use.
 *
 * <p>Frames pass unchanged and in order, and are read no faster than the other side reads them (backpressure).
 */
public final class WebSocketTunnel {
  /** The largest frame that passes: 16 MiB of content, and some metadata. */
  public static final int MAX_FRAME = (16 << 20) + 4096;
  /** How long the other side may take to send its close frame. */
  public static final int CLOSE_TIMEOUT_SECONDS = 2;

  private static final Logger log = LoggerFactory.getLogger(WebSocketTunnel.class);
  private static final Duration PING_INTERVAL = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final WebSocketClient client;
  private final PendingCloses pendingCloses;
  private final AtomicInteger open = new AtomicInteger();

  public WebSocketTunnel(Vertx vertx, Settings.Instances settings, PendingCloses pendingCloses) {
    this.vertx = vertx;
    this.pendingCloses = pendingCloses;
    this.client = vertx.createWebSocketClient(options(settings));
  }

  /** The options of sockets to instances. */
  static WebSocketClientOptions options(Settings.Instances settings) {
    return settings.trust().applyTo(new WebSocketClientOptions())
      .setConnectTimeout((int) settings.connectTimeout().toMillis())
      .setMaxFrameSize(MAX_FRAME)
      .setMaxMessageSize(MAX_FRAME)
      .setMaxConnections(Integer.MAX_VALUE)
      .setClosingTimeout(CLOSE_TIMEOUT_SECONDS);
  }

  /**
   * Opens the socket at the instance, and then answers the browser's handshake.
   *
   * @param revoked done when the browser must be disconnected
   * @return when both are open; inside it, when both are closed
   */
  public Future<Future<Void>> open(HttpServerRequest request, WebSocketConnectOptions target, Future<Void> revoked) {
    String address = target.getHost() + ":" + target.getPort() + target.getURI();
    return pendingCloses.done(address, vertx.getOrCreateContext())
      .compose(free -> client.connect(target))
      .compose(instance -> answer(request, instance)
        .onSuccess(browser -> CloseReason.to(browser, revoked).onSuccess(reason -> reason.say(browser)))
        .map(browser -> join(address, browser, instance))
        .onFailure(gone -> pendingCloses.begin(address, instance.close())));
  }

  /** How many are open. */
  public int open() {
    return open.get();
  }

  private static Future<ServerWebSocket> answer(HttpServerRequest request, WebSocket instance) {
    instance.pause();
    new ReadControl(instance).pause();
    return request.response().closed()
      ? Future.failedFuture(new HttpClosedException("the browser has gone"))
      : request.toWebSocket();
  }

  private Future<Void> join(String address, ServerWebSocket browser, WebSocket instance) {
    open.incrementAndGet();
    long pings = vertx.setPeriodic(PING_INTERVAL.toMillis(), tick -> ping(browser));
    new OneWay(browser, instance).start();
    new OneWay(instance, browser).start();
    Future<Void> instanceClosed = Future.future(closed -> instance.closeHandler(closed::complete));
    Future<Void> browserClosed = Future.future(closed -> browser.closeHandler(closed::complete));
    browserClosed.onComplete(gone -> {
      pendingCloses.begin(address, instanceClosed);
      CloseReason.pass(browser, instance).onFailure(WebSocketTunnel::closedAlready);
    });
    instanceClosed.onComplete(gone -> CloseReason.pass(instance, browser).onFailure(WebSocketTunnel::closedAlready));
    return Future.join(browserClosed, instanceClosed)
      .onComplete(closed -> {
        vertx.cancelTimer(pings);
        open.decrementAndGet();
      })
      .mapEmpty();
  }

  /** Keeps proxies in between from closing a quiet socket. */
  private static void ping(ServerWebSocket browser) {
    if (!browser.isClosed()) {
      browser.writePing(Buffer.buffer()).onFailure(WebSocketTunnel::closedAlready);
    }
  }

  private static void closedAlready(Throwable cause) {
    log.debug("A socket was closed already: cause={}", cause.toString());
  }

  /** Forwards the frames of one socket to another, and reads no faster than they are read there (backpressure). */
  static final class OneWay {
    private static final Logger log = LoggerFactory.getLogger(OneWay.class);

    /** Counted in bytes here: Vert.x' {@code writeQueueFull} counts sixteen frames, whatever their size. */
    private static final int MAX_PENDING = 256 << 10;

    private final WebSocket from;
    private final WebSocket to;
    private final ReadControl readControl;
    private int pending;

    OneWay(WebSocket from, WebSocket to) {
      this.from = from;
      this.to = to;
      this.readControl = new ReadControl(from);
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
      readControl.resume();
    }

    private void pass(WebSocketFrame frame) {
      int size = frame.binaryData().length();
      pending += size;
      if (pending > MAX_PENDING) {
        readControl.pause();
      }
      to.writeFrame(frame)
        .onFailure(gone -> log.debug("A frame was lost with its socket: cause={}", gone.toString()))
        .onComplete(sent -> arrived(size));
    }

    private void arrived(int size) {
      pending -= size;
      if (pending <= MAX_PENDING) {
        readControl.resume();
      }
    }

    private static boolean isData(WebSocketFrame frame) {
      return frame.isText() || frame.isBinary() || frame.isContinuation();
    }
  }
}
