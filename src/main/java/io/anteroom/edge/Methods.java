package io.anteroom.edge;

import io.vertx.core.http.HttpMethod;

/** What a method is to us and to an instance. */
final class Methods {
  private Methods() {
  }

  /** In whatever case: aiohttp without its C parser takes {@code post} for {@code POST}. */
  static boolean isPost(HttpMethod method) {
    return method.name().equalsIgnoreCase(HttpMethod.POST.name());
  }

  /** Whether it only reads, the whole or the headers. */
  static boolean isRead(HttpMethod method) {
    return method == HttpMethod.GET || method == HttpMethod.HEAD;
  }
}
