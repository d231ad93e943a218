package io.anteroom.http;

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

/** Writes errors as JSON in ComfyUI's shape and the client's language; the same on every port. */
public final class ErrorWriter {
  private static final Logger log = LoggerFactory.getLogger(ErrorWriter.class);
  private static final String RETRY_AFTER_SECONDS = "5";

  private ErrorWriter() {
  }

  public static Future<Void> write(HttpServerRequest request, ApiException error) {
    HttpServerResponse response = request.response().setStatusCode(error.code().status())
      .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
    addRetryAfter(response, error);
    SecurityHeaders.addTo(response.headers());
    return request.method() == HttpMethod.HEAD ? response.end() : response.end(body(error, Language.of(request)));
  }

  /** For errors that pass by themselves. */
  public static void addRetryAfter(HttpServerResponse response, ApiException error) {
    int status = error.code().status();
    if (status == 503 || status == 429) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
  }

  /** The error for a failure that was not foreseen; logs its cause. */
  public static ApiException internal(HttpServerRequest request, Throwable cause) {
    log.error("A request failed unexpectedly: method={} path={}", request.method(), request.path(), cause);
    return ApiException.of(ApiException.Code.INTERNAL,
      "Anteroom could not do this because of an error of its own; the administrator finds it in the log.",
      "Anteroom 内部出错，未能完成操作；管理员可在日志中查看原因。");
  }

  private static Buffer body(ApiException error, Language language) {
    if (!error.report().isEmpty()) {
      return Buffer.buffer(error.report());
    }
    return new JsonObject()
      .put("error", new JsonObject()
        .put("type", error.code().word())
        .put("message", language.sentence(error))
        .put("details", error.details())
        .put("extra_info", new JsonObject()
          .put("message_en", error.english())
          .put("message_zh", error.chinese())))
      .put("node_errors", new JsonObject())
      .toBuffer();
  }
}
