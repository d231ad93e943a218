package io.anteroom.edge.auth.signin;

import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The fields of a small form, from a body or a query. */
public final class FormData {
  private static final int MAX_BYTES = 64 << 10;
  private static final int MAX_FIELDS = 50;
  private static final int TIMEOUT_SECONDS = 10;
  private static final String TYPE = "application/x-www-form-urlencoded";

  private final Map<String, List<String>> fields;

  private FormData(Map<String, List<String>> fields) {
    this.fields = fields;
  }

  /** Reads a form of {@value #MAX_BYTES} bytes at most; fails for anything else. */
  public static Future<FormData> read(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.startsWith(TYPE)) {
      return Future.failedFuture(notAForm());
    }
    return Future.<Buffer>future(done -> {
      Buffer body = Buffer.buffer();
      request.exceptionHandler(done::tryFail);
      request.endHandler(end -> done.tryComplete(body));
      request.handler(part -> {
        if (body.length() + part.length() > MAX_BYTES) {
          done.tryFail(notAForm());
        } else {
          body.appendBuffer(part);
        }
      });
      request.resume();
    }).timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).recover(failure -> Future.failedFuture(notAForm()))
      .map(body -> of(body.toString(), false));
  }

  /** The parameters in the address. */
  public static FormData ofQuery(HttpServerRequest request) {
    return of(request.uri(), true);
  }

  /** A field's only value; empty when it is missing or repeated. */
  public String get(String name) {
    List<String> values = fields.getOrDefault(name, List.of());
    return values.size() == 1 ? values.get(0) : "";
  }

  private static FormData of(String text, boolean hasPath) {
    try {
      return new FormData(new QueryStringDecoder(text, StandardCharsets.UTF_8, hasPath, MAX_FIELDS).parameters());
    } catch (IllegalArgumentException broken) {
      throw notAForm();
    }
  }

  private static ApiException notAForm() {
    return ApiException.of(Code.INVALID_REQUEST,
      "This is not the form of the sign-in page, or it is incomplete; open /signin and try again.",
      "收到的不是登录页面的表单，或内容不完整；请打开 /signin 重试。");
  }
}
