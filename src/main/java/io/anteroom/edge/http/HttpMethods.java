package io.anteroom.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** Classifies HTTP methods as ComfyUI reads them. */
public final class HttpMethods {
  private HttpMethods() {
  }

  /** In any case: aiohttp without its C parser reads {@code post} as {@code POST}. */
  public static boolean isPost(HttpMethod method) {
    return method.name().equalsIgnoreCase(HttpMethod.POST.name());
  }

  /** Whether it only reads: GET or HEAD. */
  public static boolean isRead(HttpMethod method) {
    return method == HttpMethod.GET || method == HttpMethod.HEAD;
  }

  /** Whether a request is a WebSocket handshake; some clients offer other upgrades with any request. */
  public static boolean wantsSocket(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true);
  }
}
