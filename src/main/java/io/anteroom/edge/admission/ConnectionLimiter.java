package io.anteroom.edge.admission;

import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Client;
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
 * Limits the connections that this event loop serves: so many for each address, and none that is idle or too slow
 * (Slowloris, slow read).
 *
 * <p>A trusted proxy forwards all clients over connections of its own, of which it may have many more. There each
 * request in progress, and each socket, counts as a connection of the client that the proxy names.
 *
 * <p>A header that is sent byte by byte keeps a connection from being idle for Netty; here the connection counts as
 * idle until the request has arrived. Used on that event loop only.
 */
public final class ConnectionLimiter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);

  private static final int SWITCHING_PROTOCOLS = 101;

  private final ConcurrencyLimiter open;
  private final ConcurrencyLimiter ofProxies;
  private final ClientResolver clients;
  private final Duration idleTimeout;
  private final Map<HttpConnection, ConnectionState> connections = new HashMap<>();

  /**
   * @param open        limits the connections of each address at this node
   * @param ofProxies   limits the connections of each trusted proxy
   * @param idleTimeout how long a connection may be open without a request
   */
  public ConnectionLimiter(ConcurrencyLimiter open, ConcurrencyLimiter ofProxies, ClientResolver clients,
      Duration idleTimeout) {
    this.open = open;
    this.ofProxies = ofProxies;
    this.clients = clients;
    this.idleTimeout = idleTimeout;
  }

  /** The state of one connection. */
  private static final class ConnectionState {
    /** Requests in progress; the first is the one that is being answered. */
    private final Set<HttpServerRequest> active = new LinkedHashSet<>(1);
    private HttpServerRequest lastChecked;
    private long readBytes;
    private boolean isSlow;
    private long idleSince = System.nanoTime();
    private boolean ending;
    /** The clients that a proxy names, by their requests in progress. */
    private final Map<HttpServerRequest, String> forwarded = new HashMap<>();
  }

  public void start(Vertx vertx) {
    Duration tick = idleTimeout.dividedBy(4).plusMillis(1);
    vertx.setPeriodic(tick.toMillis(), timer -> {
      closeIdle();
      closeSlow(tick);
    });
  }

  /** Accepts a new connection, or closes it when its address has too many. */
  public void admit(HttpConnection connection) {
    Client remote = clients.of(connection);
    String address = remote.counted();
    ConcurrencyLimiter limiter = remote.isProxied() ? ofProxies : open;
    if (limiter.acquire(address).isPresent()) {
      log.debug("Too many connections of one address, a new one is closed: address={}", address);
      connection.close();
      return;
    }
    ConnectionState state = new ConnectionState();
    connections.put(connection, state);
    // A connection that became a WebSocket no longer reports its end, its channel does.
    pipeline(connection).channel().closeFuture().addListener(closed -> {
      connections.remove(connection);
      state.forwarded.values().forEach(open::release);
      limiter.release(address);
    });
  }

  /** Ignores further requests of this connection, which is about to be closed. */
  public void rejectFurther(HttpConnection connection) {
    Optional.ofNullable(connections.get(connection)).ifPresent(state -> state.ending = true);
  }

  /**
   * Whether requests of this connection are handled. A pipelined one may have been decoded before the connection is
   * closed: after a rejected request it may be a part of that one's body (request smuggling).
   */
  public boolean accepts(HttpConnection connection) {
    ConnectionState state = connections.get(connection);
    return state != null && !state.ending;
  }

  public void begin(HttpServerRequest request) {
    ConnectionState state = connections.get(request.connection());
    if (state != null) {
      state.active.add(request);
    }
  }

  /** Why a client behind a proxy may have no more requests in progress; empty when it may, and then it is counted. */
  Optional<ApiException> admit(HttpServerRequest request, Client client) {
    ConnectionState state = connections.get(request.connection());
    if (state == null || !client.isProxied()) {
      return Optional.empty();
    }
    Optional<ApiException> rejection = open.acquire(client.counted());
    if (rejection.isEmpty()) {
      state.forwarded.put(request, client.counted());
    }
    return rejection;
  }

  /** The response has been sent. */
  public void end(HttpServerRequest request) {
    if (request.response().getStatusCode() == SWITCHING_PROTOCOLS) {
      connections.remove(request.connection());
      return;
    }
    ConnectionState state = connections.get(request.connection());
    if (state != null) {
      state.active.remove(request);
      state.idleSince = System.nanoTime();
      Optional.ofNullable(state.forwarded.remove(request)).ifPresent(open::release);
    }
  }

  private void closeIdle() {
    long now = System.nanoTime();
    List<HttpConnection> idle = connections.entrySet().stream()
      .filter(entry -> entry.getValue().active.isEmpty() && now - entry.getValue().idleSince > idleTimeout.toNanos())
      .map(Map.Entry::getKey)
      .toList();
    idle.forEach(HttpConnection::close);
  }

  /**
   * Closes the connections of clients that read too slowly for two ticks in a row (slow read): they hold a connection
   * to an instance, or a response in memory.
   */
  private void closeSlow(Duration tick) {
    List<HttpConnection> slow = connections.entrySet().stream()
      .filter(entry -> readsTooSlowly(pipeline(entry.getKey()).channel(), entry.getValue(), tick))
      .map(Map.Entry::getKey)
      .toList();
    slow.forEach(connection -> {
      log.info("A client does not read its response, its connection is closed: address={}", connection.remoteAddress());
      // Vert.x' own close waits behind everything that the client does not read.
      pipeline(connection).close();
    });
  }

  private static ChannelHandlerContext pipeline(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext();
  }

  private static boolean readsTooSlowly(Channel channel, ConnectionState state, Duration tick) {
    boolean wasSlow = state.isSlow;
    HttpServerRequest request = state.active.stream().findFirst().orElse(null);
    long readBytes = request == null ? 0 : request.response().bytesWritten() - pending(channel);
    state.isSlow = request != null && request == state.lastChecked && !channel.isWritable()
      && MinimumRate.isTooSlow(readBytes - state.readBytes, tick);
    state.lastChecked = request;
    state.readBytes = readBytes;
    return wasSlow && state.isSlow;
  }

  /** Bytes that were written and that the client has not read yet. */
  private static long pending(Channel channel) {
    ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
    return written == null ? 0 : written.totalPendingWriteBytes() - written.currentProgress();
  }
}
