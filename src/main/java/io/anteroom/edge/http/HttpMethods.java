package io.anteroom.edge.http;

import io.vertx.core.http.HttpMethod;

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
}
