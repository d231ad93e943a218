package io.anteroom.edge.admission;

import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Peer;
import io.anteroom.task.ApiException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that this event loop serves: so many from one address, and none that only pretends to ask.
 *
 * <p>A listed proxy brings everybody by connections of its own, of which it may have many more. There each request that
 * is under way, and each socket, is a connection of the client whom the proxy names, and counted with his own.
 *
 * <p>A header that never ends, letter by letter, keeps a connection from being idle; here it counts as doing nothing
 * until its request has arrived. Used on that event loop only.
 */
public final class ConnectionLimiter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);

  private static final int BECAME_A_SOCKET = 101;

  private final ConcurrencyLimiter open;
  private final ConcurrencyLimiter ofProxies;
  private final ClientResolver peers;
  private final Duration patience;
  private final Map<HttpConnection, Visit> visits = new HashMap<>();

  /**
   * @param open      how many each address has open at this node
   * @param ofProxies how many each listed proxy has
   * @param patience  how long a connection may be open without asking for anything
   */
  public ConnectionLimiter(ConcurrencyLimiter open, ConcurrencyLimiter ofProxies, ClientResolver peers,
      Duration patience) {
    this.open = open;
    this.ofProxies = ofProxies;
    this.peers = peers;
    this.patience = patience;
  }

  /** What a connection does. */
  private static final class Visit {
    /** Those under way, the one that is answered now first. */
    private final Set<HttpServerRequest> asking = new LinkedHashSet<>(1);
    private HttpServerRequest lookedAt;
    private long taken;
    private boolean isSlow;
    private long restsSince = System.nanoTime();
    private boolean ends;
    /** Whom a proxy has brought, by what each has under way. */
    private final Map<HttpServerRequest, String> brought = new HashMap<>();
  }

  public void start(Vertx vertx) {
    Duration tick = patience.dividedBy(4).plusMillis(1);
    vertx.setPeriodic(tick.toMillis(), look -> {
      hangUpOnTheIdle();
      hangUpOnTheSlow(tick);
    });
  }

  /** Lets a new connection in, or hangs up when its address has enough. */
  public void admit(HttpConnection connection) {
    Peer neighbour = peers.of(connection);
    String address = neighbour.counted();
    ConcurrencyLimiter crowd = neighbour.isProxied() ? ofProxies : open;
    if (crowd.enter(address).isPresent()) {
      log.debug("An address has enough connections, one more is closed: address={}", address);
      connection.close();
      return;
    }
    Visit visit = new Visit();
    visits.put(connection, visit);
    // A connection that became a socket no longer tells of its end, its channel does.
    pipeline(connection).channel().closeFuture().addListener(closed -> {
      visits.remove(connection);
      visit.brought.values().forEach(open::leave);
      crowd.leave(address);
    });
  }

  /** Handles no further request of this connection, which is about to be closed. */
  public void refuseMore(HttpConnection connection) {
    Optional.ofNullable(visits.get(connection)).ifPresent(visit -> visit.ends = true);
  }

  /**
   * Whether a request of this connection is handled. A pipelined one may have been decoded before the connection is
   * closed: behind a refused request it may be a part of that one's body (request smuggling).
   */
  public boolean takes(HttpConnection connection) {
    Visit visit = visits.get(connection);
    return visit != null && !visit.ends;
  }

  public void begin(HttpServerRequest request) {
    Visit visit = visits.get(request.connection());
    if (visit != null) {
      visit.asking.add(request);
    }
  }

  /** Why a client whom a proxy has brought may have no more under way; empty when he may, and then it is counted. */
  Optional<ApiException> crowding(HttpServerRequest request, Peer peer) {
    Visit visit = visits.get(request.connection());
    if (visit == null || !peer.isProxied()) {
      return Optional.empty();
    }
    Optional<ApiException> crowded = open.enter(peer.counted());
    if (crowded.isEmpty()) {
      visit.brought.put(request, peer.counted());
    }
    return crowded;
  }

  /** The request has been answered. */
  public void end(HttpServerRequest request) {
    if (request.response().getStatusCode() == BECAME_A_SOCKET) {
      visits.remove(request.connection());
      return;
    }
    Visit visit = visits.get(request.connection());
    if (visit != null) {
      visit.asking.remove(request);
      visit.restsSince = System.nanoTime();
      Optional.ofNullable(visit.brought.remove(request)).ifPresent(open::leave);
    }
  }

  private void hangUpOnTheIdle() {
    long now = System.nanoTime();
    List<HttpConnection> idle = visits.entrySet().stream()
      .filter(one -> one.getValue().asking.isEmpty() && now - one.getValue().restsSince > patience.toNanos())
      .map(Map.Entry::getKey)
      .toList();
    idle.forEach(HttpConnection::close);
  }

  /**
   * Ends the connections of clients that read so slowly, for two ticks, that they only hold up what answers them (slow
   * read): a connection to an instance, or an answer in memory.
   */
  private void hangUpOnTheSlow(Duration tick) {
    List<HttpConnection> slow = visits.entrySet().stream()
      .filter(one -> readsTooSlowly(pipeline(one.getKey()).channel(), one.getValue(), tick))
      .map(Map.Entry::getKey)
      .toList();
    slow.forEach(connection -> {
      log.info("A client does not read its answer and is hung up on: address={}", connection.remoteAddress());
      // Vert.x' own close waits behind all that the client does not take.
      pipeline(connection).close();
    });
  }

  private static ChannelHandlerContext pipeline(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext();
  }

  private static boolean readsTooSlowly(Channel channel, Visit visit, Duration tick) {
    boolean wasSlow = visit.isSlow;
    HttpServerRequest request = visit.asking.stream().findFirst().orElse(null);
    long taken = request == null ? 0 : request.response().bytesWritten() - waiting(channel);
    visit.isSlow = request != null && request == visit.lookedAt && !channel.isWritable()
      && MinimumRate.isTooSlow(taken - visit.taken, tick);
    visit.lookedAt = request;
    visit.taken = taken;
    return wasSlow && visit.isSlow;
  }

  /** What was written and the client has not taken yet. */
  private static long waiting(Channel channel) {
    ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
    return written == null ? 0 : written.totalPendingWriteBytes() - written.currentProgress();
  }
}
