package io.anteroom.edge;

import io.anteroom.bus.Bus;
import io.anteroom.config.Instance;
import io.anteroom.config.Settings;
import io.anteroom.config.User;
import io.anteroom.edge.session.ProgressNoter;
import io.anteroom.edge.session.SocketRelay;
import io.anteroom.task.Refusal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.Optional;

/** Opens a student's socket to an instance, or tells why not. */
final class SocketRoute {
  private final Bus bus;
  private final SocketRelay relay;
  private final Crowd open;
  private final Settings.Instances settings;

  SocketRoute(Bus bus, SocketRelay relay, Crowd open, Settings.Instances settings) {
    this.bus = bus;
    this.relay = relay;
    this.open = open;
    this.settings = settings;
  }

  /** Done when the socket is open. */
  Future<Void> open(HttpServerRequest request, User user, Instance instance, RawUri uri) {
    if (!isHandshake(request)) {
      return Future.failedFuture(Refusals.invalid("The handshake", "incomplete", "that of a WebSocket"));
    }
    Optional<Refusal> crowded = open.enter(user.name());
    if (crowded.isPresent()) {
      return Future.failedFuture(crowded.get());
    }
    return relay.open(request, target(request, instance, uri), new ProgressNoter(bus, user.name(), instance.name()))
      .onFailure(failure -> open.leave(user.name()))
      .onSuccess(closed -> closed.onComplete(done -> open.leave(user.name())))
      .recover(failure -> Future.failedFuture(request.response().closed() ? failure
        : InstanceFailure.refusal(instance, failure, settings.connectTimeout())))
      .mapEmpty();
  }

  private static boolean isHandshake(HttpServerRequest request) {
    return request.canUpgradeToWebSocket()
      && request.headers().contains("Sec-WebSocket-Key")
      && request.headers().contains("Sec-WebSocket-Version", "13", false);
  }

  private WebSocketConnectOptions target(HttpServerRequest request, Instance instance, RawUri uri) {
    MultiMap headers = HttpHeaders.headers();
    HeaderRules.toInstance(request.headers(), headers);
    return new WebSocketConnectOptions()
      .setHost(instance.url().getHost())
      .setPort(instance.port())
      .setSsl(instance.isTls())
      .setURI(Upstream.uriAt(instance, uri))
      .setHeaders(headers)
      .setTimeout(settings.idleTimeout().toMillis())
      .setAllowOriginHeader(false);
  }
}
