package io.anteroom.edge.http;

import io.anteroom.http.ErrorWriter;
import io.anteroom.http.SecurityHeaders;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers of Anteroom itself: JSON, and every failure in ComfyUI's error shape, or as a page for a person. */
public final class Responses {
  private static final Logger log = LoggerFactory.getLogger(Responses.class);

  private Responses() {
  }

  public static Future<Void> json(HttpServerRequest request, int status, JsonObject body) {
    return json(request, status, body.toBuffer());
  }

  /** @param body JSON already */
  public static Future<Void> json(HttpServerRequest request, int status, Buffer body) {
    request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
    return send(request, body);
  }

  /** Sends a body of our own; a HEAD request gets the headers only. */
  public static Future<Void> send(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = own(request.response());
    return request.method() == HttpMethod.HEAD ? response.end() : response.end(body);
  }

  public static Future<Void> empty(HttpServerRequest request, int status) {
    return own(request.response()).setStatusCode(status).end();
  }

  public static Future<Void> redirect(HttpServerRequest request, int status, String location) {
    request.response().putHeader(HttpHeaders.LOCATION, location);
    return empty(request, status);
  }

  public static Future<Void> notAllowed(HttpServerRequest request, HttpMethod allowed) {
    request.response().putHeader("Allow", allowed.name());
    return refuse(request, EdgeErrors.methodNotAllowed(request.method().name(), request.path(), allowed.name()));
  }

  /** Answers with the error; cuts the connection when part of another answer has been sent already. */
  public static Future<Void> refuse(HttpServerRequest request, Throwable cause) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return Future.succeededFuture();
    }
    if (response.headWritten()) {
      log.debug("An answer failed half way, the connection is cut: cause={}", cause.toString());
      return response.reset();
    }
    ApiException refusal = cause instanceof ApiException known ? known : ErrorWriter.internal(request, cause);
    ErrorWriter.addRetryAfter(response, refusal);
    return BrowserNavigation.is(request) ? page(request, refusal) : ErrorWriter.write(request, refusal);
  }

  private static Future<Void> page(HttpServerRequest request, ApiException refusal) {
    request.response().putHeader(HttpHeaders.VARY, BrowserNavigation.TOLD_BY);
    return ErrorPage.send(request, refusal);
  }

  /** Answers what is not HTTP or is too long, and closes the connection: where the next request begins is unknown. */
  public static void unreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    log.debug("A request could not be read: cause={}", cause.toString());
    hangUp(request, EdgeErrors.unreadable(cause));
  }

  /** Answers with the error, and closes the connection. */
  public static Future<Void> hangUp(HttpServerRequest request, ApiException refusal) {
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    return refuse(request, refusal).eventually(() -> request.connection().close());
  }

  private static HttpServerResponse own(HttpServerResponse response) {
    SecurityHeaders.addTo(response.headers());
    return response;
  }
}
