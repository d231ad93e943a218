package io.anteroom.edge.proxy;

import io.anteroom.comfy.http.HttpClients;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.edge.admission.ConcurrencyLimiter;
import io.anteroom.edge.auth.AccessRevalidator;
import io.anteroom.edge.auth.AccessRevalidator.Lease;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.EdgeErrors.InstanceFailure;
import io.anteroom.edge.http.HeaderFilter;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.session.SessionRegistry;
import io.anteroom.edge.session.SessionRegistry.Arrival;
import io.anteroom.edge.session.WebSocketTunnel;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens a student's WebSocket: the page's own belongs to a session, all others are tunnelled to the instance. */
public final class SocketRoute {
  private static final Set<String> OF_THE_PAGE = Set.of(ComfyProtocol.SOCKET, "/api" + ComfyProtocol.SOCKET);

  private final WebSocketTunnel tunnel;
  private final SessionRegistry sessions;
  private final ConcurrencyLimiter open;
  private final AccessRevalidator revalidator;
  private final Settings.Instances settings;
  private final Optional<String> credential;

  public SocketRoute(WebSocketTunnel tunnel, SessionRegistry sessions, ConcurrencyLimiter open,
      AccessRevalidator revalidator, Settings settings) {
    this.revalidator = revalidator;
    this.tunnel = tunnel;
    this.sessions = sessions;
    this.open = open;
    this.settings = settings.instances();
    this.credential = settings.auth().jwt().cookie();
  }

  /** Done when the socket is open. */
  Future<Void> open(HttpServerRequest request, Access access, Instance instance, RawUri uri) {
    if (!isHandshake(request)) {
      return Future.failedFuture(EdgeErrors.invalid("The handshake", "incomplete", "that of a WebSocket"));
    }
    Optional<ApiException> rejection = open.acquire(access.counted());
    if (rejection.isPresent()) {
      return Future.failedFuture(rejection.get());
    }
    Lease lease = revalidator.begin(request, access.name());
    Future<Future<Void>> opening = isOfThePage(uri.meaning())
      ? sessions.open(request, arrival(request, access, uri), lease.revoked())
      : tunnel.open(request, target(request, instance, uri), lease.revoked());
    return opening
      .onFailure(failure -> release(access, lease))
      .onSuccess(closed -> closed.onComplete(done -> release(access, lease)))
      .recover(failure -> Future.failedFuture(request.response().closed() ? failure
        : InstanceFailure.error(instance, failure, settings.connectTimeout())))
      .mapEmpty();
  }

  private void release(Access access, Lease lease) {
    lease.end();
    open.release(access.counted());
  }

  /** Whether it is the path of the page's own socket, which belongs to a session. */
  public static boolean isOfThePage(String meaning) {
    return OF_THE_PAGE.contains(meaning);
  }

  private static boolean isHandshake(HttpServerRequest request) {
    return request.canUpgradeToWebSocket()
      && request.headers().contains("Sec-WebSocket-Key")
      && request.headers().contains("Sec-WebSocket-Version", "13", false);
  }

  /** A viewer gets a client id of their own, whatever they request: a session of the student stays with the student. */
  private Arrival arrival(HttpServerRequest request, Access access, RawUri uri) {
    String requested = uri.hasReadableQuery() && !access.readOnly()
      ? request.getParam(ComfyProtocol.CLIENT_ID, "") : "";
    String rest = Arrays.stream(uri.query().replaceFirst("^\\?", "").split("&"))
      .filter(part -> !part.isEmpty() && !isClientId(part))
      .map("&"::concat)
      .collect(Collectors.joining());
    return new Arrival(access.name(), requested, rest,
      Objects.requireNonNullElse(forInstance(request).get(HttpHeaders.COOKIE), ""), access.readOnly());
  }

  private static boolean isClientId(String part) {
    return RawUri.decoded(part.replaceFirst("=.*", "")).equals(ComfyProtocol.CLIENT_ID);
  }

  private MultiMap forInstance(HttpServerRequest request) {
    MultiMap headers = HttpHeaders.headers();
    HeaderFilter.toInstance(request.headers(), headers, credential);
    return headers;
  }

  private WebSocketConnectOptions target(HttpServerRequest request, Instance instance, RawUri uri) {
    return HttpClients.directTo(instance, uri.text(), new WebSocketConnectOptions())
      .setHeaders(forInstance(request))
      .setTimeout(settings.idleTimeout().toMillis())
      .setAllowOriginHeader(false);
  }
}
