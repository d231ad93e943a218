package io.anteroom.edge.proxy;

import io.anteroom.comfy.http.HttpClients;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.edge.admission.ConcurrencyLimiter;
import io.anteroom.edge.auth.AccessRevalidator;
import io.anteroom.edge.auth.AccessRevalidator.Welcome;
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

/** Opens a student's socket, or tells why not: that of the page is a session's, others lead to the instance itself. */
public final class SocketRoute {
  private static final Set<String> OF_THE_PAGE = Set.of(ComfyProtocol.SOCKET, "/api" + ComfyProtocol.SOCKET);

  private final WebSocketTunnel relay;
  private final SessionRegistry sessions;
  private final ConcurrencyLimiter open;
  private final AccessRevalidator welcomes;
  private final Settings.Instances settings;
  private final Optional<String> credential;

  public SocketRoute(WebSocketTunnel relay, SessionRegistry sessions, ConcurrencyLimiter open,
      AccessRevalidator welcomes, Settings settings) {
    this.welcomes = welcomes;
    this.relay = relay;
    this.sessions = sessions;
    this.open = open;
    this.settings = settings.instances();
    this.credential = settings.auth().jwt().cookie();
  }

  /** Done when the socket is open. */
  Future<Void> open(HttpServerRequest request, Access visitor, Instance instance, RawUri uri) {
    if (!isHandshake(request)) {
      return Future.failedFuture(EdgeErrors.invalid("The handshake", "incomplete", "that of a WebSocket"));
    }
    Optional<ApiException> crowded = open.enter(visitor.counted());
    if (crowded.isPresent()) {
      return Future.failedFuture(crowded.get());
    }
    Welcome welcome = welcomes.begin(request, visitor.name());
    Future<Future<Void>> opening = isOfThePage(uri.meaning())
      ? sessions.open(request, arrival(request, visitor, uri), welcome.over())
      : relay.open(request, target(request, instance, uri), welcome.over());
    return opening
      .onFailure(failure -> left(visitor, welcome))
      .onSuccess(closed -> closed.onComplete(done -> left(visitor, welcome)))
      .recover(failure -> Future.failedFuture(request.response().closed() ? failure
        : InstanceFailure.refusal(instance, failure, settings.connectTimeout())))
      .mapEmpty();
  }

  private void left(Access visitor, Welcome welcome) {
    welcome.end();
    open.leave(visitor.counted());
  }

  /** Whether the page itself opens a socket there: then it is a session's. */
  public static boolean isOfThePage(String meaning) {
    return OF_THE_PAGE.contains(meaning);
  }

  private static boolean isHandshake(HttpServerRequest request) {
    return request.canUpgradeToWebSocket()
      && request.headers().contains("Sec-WebSocket-Key")
      && request.headers().contains("Sec-WebSocket-Version", "13", false);
  }

  /** Who looks gets an id of his own, whatever he wishes for: a session of the student stays with the student. */
  private Arrival arrival(HttpServerRequest request, Access visitor, RawUri uri) {
    String wished = uri.hasReadableQuery() && !visitor.onlyLooks() ? request.getParam(ComfyProtocol.CLIENT_ID, "") : "";
    String rest = Arrays.stream(uri.query().replaceFirst("^\\?", "").split("&"))
      .filter(part -> !part.isEmpty() && !isClientId(part))
      .map("&"::concat)
      .collect(Collectors.joining());
    return new Arrival(visitor.name(), wished, rest,
      Objects.requireNonNullElse(forInstance(request).get(HttpHeaders.COOKIE), ""), visitor.onlyLooks());
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
