package io.anteroom.edge.proxy;

import io.anteroom.comfy.http.HttpClients;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.edge.admission.MinimumRate;
import io.anteroom.edge.http.BrowserNavigation;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.EdgeErrors.InstanceFailure;
import io.anteroom.edge.http.HeaderFilter;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.RedirectRewriter;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams requests to an instance and responses back; neither is ever held in memory as a whole. */
public final class ReverseProxy {
  private static final Logger log = LoggerFactory.getLogger(ReverseProxy.class);
  /** Added to the idle timeout of connections, so that a stalled body and a late response are distinguished. */
  private static final Duration STALL_MARGIN = Duration.ofSeconds(5);
  /** The interval for checking the rate of a body; less where the idle timeout of instances is short. */
  private static final Duration RATE_INTERVAL = Duration.ofSeconds(5);
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final MetricsRegistry metrics;
  private final Optional<String> credential;
  private final Duration timeout;
  private final Duration rateInterval;
  private final FairShares shares;
  private final HttpClient client;

  /** @param shares of the connections to each instance */
  public ReverseProxy(Vertx vertx, Settings all, FairShares shares, MetricsRegistry metrics) {
    Settings.Instances settings = all.instances();
    this.credential = all.auth().jwt().cookie();
    this.vertx = vertx;
    this.metrics = metrics;
    this.timeout = settings.idleTimeout();
    this.rateInterval = timeout.dividedBy(4).compareTo(RATE_INTERVAL) < 0 ? timeout.dividedBy(4) : RATE_INTERVAL;
    this.shares = shares;
    this.client = HttpClients.create(vertx,
      settings.trust().applyTo(new HttpClientOptions())
        .setConnectTimeout((int) settings.connectTimeout().toMillis())
        .setIdleTimeout((int) settings.idleTimeout().plus(STALL_MARGIN).toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
      new PoolOptions().setHttp1MaxSize(settings.connections()));
  }

  /** Done when the response has been sent; fails when there is none, or when it was cut off. */
  public Future<Void> forward(HttpServerRequest request, RequestContext context, RawUri uri) {
    Instance instance = context.home();
    return shares.with(instance.name(), context.counted(), FairShares.gone(request), () -> send(request, instance, uri))
      .recover(failure -> failed(request, instance, failure));
  }

  private Future<Void> send(HttpServerRequest request, Instance instance, RawUri uri) {
    RequestOptions options = HttpClients.directTo(instance, uri.text(), new RequestOptions())
      .setMethod(request.method())
      .setConnectTimeout(timeout.toMillis());
    return client.request(options)
      .compose(outgoing -> exchange(request, outgoing, RedirectRewriter.of(instance, request.uri(), uri)));
  }

  private Future<Void> exchange(HttpServerRequest request, HttpClientRequest outgoing, RedirectRewriter redirects) {
    outgoing.exceptionHandler(ReverseProxy::cutOff);
    if (request.response().closed()) {
      return outgoing.connection().close();
    }
    request.response().closeHandler(gone -> abandon(outgoing));
    HeaderFilter.toInstance(request.headers(), outgoing.headers(), credential);
    Future<Void> sent = send(request, outgoing);
    sent.onSuccess(done -> startTimeout(outgoing));
    return outgoing.response()
      .onSuccess(incoming -> incoming.exceptionHandler(ReverseProxy::cutOff))
      .compose(incoming -> ComfyProtocol.isFinalStatus(incoming.statusCode())
        ? pass(incoming, request, redirects) : discard(incoming, outgoing))
      .onComplete(done -> abandonUnsent(sent, outgoing));
  }

  /** The result is logged where the response is awaited. */
  private static void cutOff(Throwable cause) {
    log.debug("A request to an instance ended early: cause={}", cause.toString());
  }

  private Future<Void> send(HttpServerRequest request, HttpClientRequest outgoing) {
    if (!hasBody(request)) {
      return outgoing.end();
    }
    if (!outgoing.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      outgoing.setChunked(true);
    }
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue().onFailure(gone -> abandon(outgoing));
    }
    Future<Void> sent = request.pipe().endOnFailure(false).to(outgoing).onFailure(broken -> abandon(outgoing));
    watchRate(request, outgoing, sent);
    return sent;
  }

  /** Aborts a stalled upload, so that its slot is free for another request. */
  private void watchRate(HttpServerRequest request, HttpClientRequest outgoing, Future<Void> sent) {
    MinimumRate.watch(vertx, rateInterval, request::bytesRead, () -> !outgoing.writeQueueFull(), sent, () ->
      outgoing.reset(0, EdgeErrors.uploadTooSlow(rateInterval.multipliedBy(2), MinimumRate.MIN_BYTES_PER_SECOND))
        .onFailure(ended -> log.trace("A request to an instance had ended already")));
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
  }

  /** Starts the timeout only at the end of the body: a large upload may take longer than a response. */
  private void startTimeout(HttpClientRequest outgoing) {
    long timer = vertx.setTimer(timeout.toMillis(), late -> timeOut(outgoing));
    outgoing.response().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void timeOut(HttpClientRequest outgoing) {
    outgoing.reset(0, new TimeoutException("no response in time"))
      .onFailure(ended -> log.trace("A request to an instance had ended already"));
  }

  /** Fails, and closes the connection: what follows on it cannot be trusted. */
  private static Future<Void> discard(HttpClientResponse incoming, HttpClientRequest outgoing) {
    incoming.exceptionHandler(broken -> log.trace("A response without a final status was not read to its end"));
    abandon(outgoing);
    return Future.failedFuture(new ComfyException("it answered with status " + incoming.statusCode()));
  }

  private static Future<Void> pass(HttpClientResponse incoming, HttpServerRequest request, RedirectRewriter redirects) {
    if (leadsAway(incoming, redirects) && BrowserNavigation.is(request)) {
      incoming.exceptionHandler(broken -> log.trace("A redirect to another site was not read to its end"));
      abandon(incoming.request());
      return Future.failedFuture(
        ComfyException.answered("it", incoming.statusCode(), incoming.getHeader(HttpHeaders.LOCATION)));
    }
    HttpServerResponse response = request.response().setStatusCode(incoming.statusCode());
    HeaderFilter.toBrowser(incoming.headers(), response.headers(), redirects);
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH) && mayHaveBody(incoming, request)) {
      response.setChunked(true);
    }
    return incoming.pipe().endOnFailure(false).to(response);
  }

  /** Whether it is a redirect to another site, such as that of a sign-in page in front of the instance. */
  private static boolean leadsAway(HttpClientResponse incoming, RedirectRewriter redirects) {
    String location = incoming.getHeader(HttpHeaders.LOCATION);
    return incoming.statusCode() / 100 == 3 && location != null && redirects.rewrite(location).isEmpty();
  }

  private static boolean mayHaveBody(HttpClientResponse incoming, HttpServerRequest request) {
    return request.method() != HttpMethod.HEAD && incoming.statusCode() != 204 && incoming.statusCode() != 304;
  }

  /** An instance may respond before it has read the whole body, to reject it: the rest is not sent. */
  private static void abandonUnsent(Future<Void> sent, HttpClientRequest outgoing) {
    if (!sent.isComplete()) {
      abandon(outgoing);
    }
  }

  /**
   * Closes the connection, whatever state its request is in. A mere reset after the response returns it to the pool
   * with half a body sent, and the next student's request is read as the other half (request smuggling).
   */
  private static void abandon(HttpClientRequest outgoing) {
    outgoing.connection().close().onFailure(closed -> log.trace("A connection to an instance was closed already"));
  }

  private Future<Void> failed(HttpServerRequest request, Instance instance, Throwable failure) {
    if (request.response().closed()) {
      return Future.failedFuture(failure);
    }
    ApiException error = InstanceFailure.error(instance, failure, timeout);
    if (InstanceFailure.isOfInstance(error)) {
      metrics.count("edge_upstream_failures");
    }
    if (!request.response().headWritten()) {
      request.response().headers().clear();
    }
    return Future.failedFuture(error);
  }
}
