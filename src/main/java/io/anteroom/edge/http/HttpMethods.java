package io.anteroom.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** What a method is to us and to an instance. */
public final class HttpMethods {
  private HttpMethods() {
  }

  /** In whatever case: aiohttp without its C parser takes {@code post} for {@code POST}. */
  public static boolean isPost(HttpMethod method) {
    return method.name().equalsIgnoreCase(HttpMethod.POST.name());
  }

  /** Whether it only reads, the whole or the headers. */
  public static boolean isRead(HttpMethod method) {
    return method == HttpMethod.GET || method == HttpMethod.HEAD;
  }

  /** Whether a request wants a socket; some clients offer other upgrades with any request. */
  public static boolean wantsSocket(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true);
  }
}
