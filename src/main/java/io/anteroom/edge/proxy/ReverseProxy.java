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
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
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

/** Streams a request to an instance and its answer back; neither is ever held in memory as a whole. */
public final class ReverseProxy {
  private static final Logger log = LoggerFactory.getLogger(ReverseProxy.class);
  /** What a body may stand still for beyond the wait for an answer, so that the two are told apart. */
  private static final Duration STALLED = Duration.ofSeconds(5);
  /** How often it is looked whether a body moves, unless an instance itself may not be silent for long. */
  private static final Duration PACE_INTERVAL = Duration.ofSeconds(5);
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final MetricsRegistry tally;
  private final Optional<String> credential;
  private final Duration patience;
  private final Duration paceInterval;
  private final FairShares shares;
  private final HttpClient client;

  /** @param shares of the connections to each instance */
  public ReverseProxy(Vertx vertx, Settings all, FairShares shares, MetricsRegistry tally) {
    Settings.Instances settings = all.instances();
    this.credential = all.auth().jwt().cookie();
    this.vertx = vertx;
    this.tally = tally;
    this.patience = settings.idleTimeout();
    this.paceInterval = patience.dividedBy(4).compareTo(PACE_INTERVAL) < 0 ? patience.dividedBy(4) : PACE_INTERVAL;
    this.shares = shares;
    this.client = HttpClients.create(vertx,
      settings.trust().applyTo(new HttpClientOptions())
        .setConnectTimeout((int) settings.connectTimeout().toMillis())
        .setIdleTimeout((int) settings.idleTimeout().plus(STALLED).toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
      new PoolOptions().setHttp1MaxSize(settings.connections()));
  }

  /** Done when the answer has been sent; fails when there is none, or when it broke off. */
  public Future<Void> forward(HttpServerRequest request, Visit visit, RawUri uri) {
    Instance instance = visit.home();
    return shares.with(instance.name(), visit.counted(), FairShares.gone(request), () -> send(request, instance, uri))
      .recover(failure -> failed(request, instance, failure));
  }

  private Future<Void> send(HttpServerRequest request, Instance instance, RawUri uri) {
    RequestOptions options = HttpClients.directTo(instance, uri.text(), new RequestOptions())
      .setMethod(request.method())
      .setConnectTimeout(patience.toMillis());
    return client.request(options)
      .compose(asked -> exchange(request, asked, RedirectRewriter.of(instance, request.uri(), uri)));
  }

  private Future<Void> exchange(HttpServerRequest request, HttpClientRequest asked, RedirectRewriter redirects) {
    asked.exceptionHandler(ReverseProxy::brokeOff);
    if (request.response().closed()) {
      return asked.connection().close();
    }
    request.response().closeHandler(gone -> abandon(asked));
    HeaderFilter.toInstance(request.headers(), asked.headers(), credential);
    Future<Void> sent = send(request, asked);
    sent.onSuccess(done -> expectAnswer(asked));
    return asked.response()
      .onSuccess(answer -> answer.exceptionHandler(ReverseProxy::brokeOff))
      .compose(answer -> ComfyProtocol.isFinalStatus(answer.statusCode())
        ? pass(answer, request, redirects) : discard(answer, asked))
      .onComplete(done -> endUnread(sent, asked));
  }

  /** Whoever waits for the answer logs what came of it. */
  private static void brokeOff(Throwable cause) {
    log.debug("A request to an instance ended early: cause={}", cause.toString());
  }

  private Future<Void> send(HttpServerRequest request, HttpClientRequest asked) {
    if (!hasBody(request)) {
      return asked.end();
    }
    if (!asked.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      asked.setChunked(true);
    }
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue().onFailure(gone -> abandon(asked));
    }
    Future<Void> sent = request.pipe().endOnFailure(false).to(asked).onFailure(broken -> abandon(asked));
    mindThePace(request, asked, sent);
    return sent;
  }

  /** Gives up an upload that stands still, so that its place is free for another one. */
  private void mindThePace(HttpServerRequest request, HttpClientRequest asked, Future<Void> sent) {
    MinimumRate.mind(vertx, paceInterval, request::bytesRead, () -> !asked.writeQueueFull(), sent, () ->
      asked.reset(0, EdgeErrors.uploadTooSlow(paceInterval.multipliedBy(2), MinimumRate.MIN_BYTES_PER_SECOND))
        .onFailure(ended -> log.trace("A request to an instance had ended already")));
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
  }

  /** Counts the wait only from the end of the body: a large upload may take longer than an answer. */
  private void expectAnswer(HttpClientRequest asked) {
    long timer = vertx.setTimer(patience.toMillis(), late -> giveUp(asked));
    asked.response().onComplete(answered -> vertx.cancelTimer(timer));
  }

  private static void giveUp(HttpClientRequest asked) {
    asked.reset(0, new TimeoutException("no answer in time"))
      .onFailure(ended -> log.trace("A request to an instance had ended already"));
  }

  /** Fails, and hangs up: what follows on the connection may be anything. */
  private static Future<Void> discard(HttpClientResponse answer, HttpClientRequest asked) {
    answer.exceptionHandler(broken -> log.trace("An answer without a final status was not read to its end"));
    abandon(asked);
    return Future.failedFuture(new ComfyException("it answered with status " + answer.statusCode()));
  }

  private static Future<Void> pass(HttpClientResponse answer, HttpServerRequest request, RedirectRewriter redirects) {
    if (leadsAway(answer, redirects) && BrowserNavigation.is(request)) {
      answer.exceptionHandler(broken -> log.trace("A redirect to another site was not read to its end"));
      abandon(answer.request());
      return Future.failedFuture(
        ComfyException.answered("it", answer.statusCode(), answer.getHeader(HttpHeaders.LOCATION)));
    }
    HttpServerResponse response = request.response().setStatusCode(answer.statusCode());
    HeaderFilter.toBrowser(answer.headers(), response.headers(), redirects);
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH) && mayHaveBody(answer, request)) {
      response.setChunked(true);
    }
    return answer.pipe().endOnFailure(false).to(response);
  }

  /** Whether it is a redirect to another site, such as that of a sign-in page in front of the instance. */
  private static boolean leadsAway(HttpClientResponse answer, RedirectRewriter redirects) {
    String location = answer.getHeader(HttpHeaders.LOCATION);
    return answer.statusCode() / 100 == 3 && location != null && redirects.lead(location).isEmpty();
  }

  private static boolean mayHaveBody(HttpClientResponse answer, HttpServerRequest request) {
    return request.method() != HttpMethod.HEAD && answer.statusCode() != 204 && answer.statusCode() != 304;
  }

  /** An instance may answer before it has read all, to refuse it: the rest is not sent. */
  private static void endUnread(Future<Void> sent, HttpClientRequest asked) {
    if (!sent.isComplete()) {
      abandon(asked);
    }
  }

  /**
   * Closes the connection, whatever state its request is in. A mere reset after the answer gives it back to the pool
   * with half a body sent, and the next student's request is taken for the other half.
   */
  private static void abandon(HttpClientRequest asked) {
    asked.connection().close().onFailure(closed -> log.trace("A connection to an instance was closed already"));
  }

  private Future<Void> failed(HttpServerRequest request, Instance instance, Throwable failure) {
    if (request.response().closed()) {
      return Future.failedFuture(failure);
    }
    ApiException refusal = InstanceFailure.refusal(instance, failure, patience);
    if (InstanceFailure.isOfInstance(refusal)) {
      tally.count("edge_upstream_failures");
    }
    if (!request.response().headWritten()) {
      request.response().headers().clear();
    }
    return Future.failedFuture(refusal);
  }
}
