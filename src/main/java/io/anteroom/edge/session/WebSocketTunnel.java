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
 * Joins a browser's socket and one of ours to the instance, at an address that only custom nodes know.
 *
 * <p>Frames pass unchanged and in order, and are read no faster than the other side takes them.
 */
public final class WebSocketTunnel {
  /** The largest frame that passes: 16 MiB of content, and what describes it. */
  public static final int LARGEST_FRAME = (16 << 20) + 4096;
  /** How long the other side may take to say goodbye. */
  public static final int CLOSING_SECONDS = 2;

  private static final Logger log = LoggerFactory.getLogger(WebSocketTunnel.class);
  private static final Duration BETWEEN_PINGS = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final WebSocketClient client;
  private final PendingCloses partings;
  private final AtomicInteger open = new AtomicInteger();

  public WebSocketTunnel(Vertx vertx, Settings.Instances settings, PendingCloses partings) {
    this.vertx = vertx;
    this.partings = partings;
    this.client = vertx.createWebSocketClient(options(settings));
  }

  /** How sockets to instances are opened. */
  static WebSocketClientOptions options(Settings.Instances settings) {
    return settings.trust().applyTo(new WebSocketClientOptions())
      .setConnectTimeout((int) settings.connectTimeout().toMillis())
      .setMaxFrameSize(LARGEST_FRAME)
      .setMaxMessageSize(LARGEST_FRAME)
      .setMaxConnections(Integer.MAX_VALUE)
      .setClosingTimeout(CLOSING_SECONDS);
  }

  /**
   * Opens the socket at the instance, and then answers the browser's handshake.
   *
   * @param unwelcome done when the browser must go
   * @return when both are open; inside it, when both are closed
   */
  public Future<Future<Void>> open(HttpServerRequest request, WebSocketConnectOptions target, Future<Void> unwelcome) {
    String place = target.getHost() + ":" + target.getPort() + target.getURI();
    return partings.done(place, vertx.getOrCreateContext())
      .compose(free -> client.connect(target))
      .compose(instance -> answer(request, instance)
        .onSuccess(browser -> CloseReason.to(browser, unwelcome).onSuccess(farewell -> farewell.say(browser)))
        .map(browser -> join(place, browser, instance))
        .onFailure(gone -> partings.begin(place, instance.close())));
  }

  /** How many are open. */
  public int open() {
    return open.get();
  }

  private static Future<ServerWebSocket> answer(HttpServerRequest request, WebSocket instance) {
    instance.pause();
    new ReadControl(instance).shut();
    return request.response().closed()
      ? Future.failedFuture(new HttpClosedException("the browser has gone"))
      : request.toWebSocket();
  }

  private Future<Void> join(String place, ServerWebSocket browser, WebSocket instance) {
    open.incrementAndGet();
    long pings = vertx.setPeriodic(BETWEEN_PINGS.toMillis(), tick -> ping(browser));
    new OneWay(browser, instance).start();
    new OneWay(instance, browser).start();
    Future<Void> instanceClosed = Future.future(closed -> instance.closeHandler(closed::complete));
    Future<Void> browserClosed = Future.future(closed -> browser.closeHandler(closed::complete));
    browserClosed.onComplete(gone -> {
      partings.begin(place, instanceClosed);
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

  /** Keeps whatever stands between us and the browser from taking a quiet socket for a dead one. */
  private static void ping(ServerWebSocket browser) {
    if (!browser.isClosed()) {
      browser.writePing(Buffer.buffer()).onFailure(WebSocketTunnel::closedAlready);
    }
  }

  private static void closedAlready(Throwable cause) {
    log.debug("A socket was closed already: cause={}", cause.toString());
  }

  /** Passes the frames of one socket to another, and reads no faster than they are taken there. */
  static final class OneWay {
    private static final Logger log = LoggerFactory.getLogger(OneWay.class);

    /** Counted in bytes by ourselves: Vert.x' {@code writeQueueFull} counts sixteen frames, whatever their size. */
    private static final int ENOUGH = 256 << 10;

    private final WebSocket from;
    private final WebSocket to;
    private final ReadControl valve;
    private int onTheWay;

    OneWay(WebSocket from, WebSocket to) {
      this.from = from;
      this.to = to;
      this.valve = new ReadControl(from);
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
}
