package io.anteroom.edge.auth;

import io.anteroom.task.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a request by what the browser says of how it came about; a page cannot change these words.
 *
 * <p>From another site one may follow a link to us, and nothing else: custom nodes change things on {@code GET} too.
 * Without the words, from an old browser or over plain HTTP, {@link OriginCheck} decides alone.
 */
public final class FetchMetadata {
  private static final Set<String> OUR_OWN = Set.of("same-origin", "none");

  private FetchMetadata() {
  }

  /** Why this must not be done; empty when a page of ours asks, when somebody follows a link, or when none says. */
  public static Optional<Refusal> objection(HttpServerRequest request) {
    if (request.headers().contains("Service-Worker")) {
      return Optional.of(serviceWorker());
    }
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null || OUR_OWN.contains(site) || isLinkFollowed(request)
      ? Optional.empty() : Optional.of(foreign(site));
  }

  private static boolean isLinkFollowed(HttpServerRequest request) {
    return (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD)
      && !request.headers().contains(HttpHeaders.UPGRADE)
      && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
      && "document".equals(request.getHeader("Sec-Fetch-Dest"));
  }

  /** It would outlive its page in the browsers of the lab, and answer there for whoever comes next. */
  private static Refusal serviceWorker() {
    return Refusal.of(Refusal.Code.FOREIGN_ORIGIN,
      "No page may leave a service worker in the browser here; the browser is the next student's too.",
      "此处不允许页面在浏览器中安装 Service Worker:下一位同学也会使用同一浏览器。");
  }

  private static Refusal foreign(String site) {
    return Refusal.of(Refusal.Code.FOREIGN_ORIGIN,
      "The browser says that a page of another address asks for this (%s); open the page here and try again."
        .formatted(site.length() > 20 ? "unknown" : site),
      "浏览器表明该请求来自其他地址的页面(%s);请直接打开本站页面后重试。".formatted(site.length() > 20 ? "未知" : site));
  }
}
