package io.anteroom.edge.auth;

import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Rejects cross-site requests (CSRF, CWE-352) by the Fetch Metadata headers, which a page cannot forge.
 *
 * <p>Another site may link to Anteroom, and nothing else: custom nodes change things on {@code GET} too. Without these
 * headers, from an old browser or over plain HTTP, {@link OriginCheck} decides alone.
 */
public final class CsrfCheck {
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private CsrfCheck() {
  }

  /** Why the request is rejected; empty for a page of our own, a link that is followed, or without the headers. */
  public static Optional<ApiException> objection(HttpServerRequest request) {
    if (request.headers().contains("Service-Worker")) {
      return Optional.of(serviceWorker());
    }
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null || OWN_SITE.contains(site) || isLinkFollowed(request)
      ? Optional.empty() : Optional.of(foreign(site));
  }

  private static boolean isLinkFollowed(HttpServerRequest request) {
    return (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD)
      && !request.headers().contains(HttpHeaders.UPGRADE)
      && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
      && "document".equals(request.getHeader("Sec-Fetch-Dest"));
  }

  /** It would outlive its page in a shared browser of the lab, and answer requests of the next user. */
  private static ApiException serviceWorker() {
    return ApiException.of(ApiException.Code.FOREIGN_ORIGIN,
      "Pages may not install a service worker here: the next student uses the same browser.",
      "此处不允许页面在浏览器中安装 Service Worker：下一位同学也会使用同一浏览器。");
  }

  private static ApiException foreign(String site) {
    return ApiException.of(ApiException.Code.FOREIGN_ORIGIN,
      "The browser says that this request comes from a page at another address (%s); open the page here and try again."
        .formatted(site.length() > 20 ? "unknown" : site),
      "浏览器表明该请求来自其他地址的页面（%s）；请直接打开本站页面后重试。".formatted(site.length() > 20 ? "未知" : site));
  }

  /**
   * Rejects cross-site requests (CSRF, CWE-352) by their {@code Origin}.
   *
   * <p>ComfyUI's own check has no effect behind Anteroom, which does not pass {@code Origin} on.
   */
  public static final class OriginCheck {
    private static final Set<HttpMethod> SAFE_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int MAX_SHOWN = 100;

    private final Function<HttpServerRequest, String> ownOrigin;

    /** @param ownOrigin the origin that a request was sent to, as its browser sees it */
    public OriginCheck(Function<HttpServerRequest, String> ownOrigin) {
      this.ownOrigin = ownOrigin;
    }

    /** Why the request is rejected; empty for a page of our own, or when no browser sends it. */
    public Optional<ApiException> objection(HttpServerRequest request) {
      String origin = request.getHeader(HttpHeaders.ORIGIN);
      if (origin == null
          || SAFE_METHODS.contains(request.method()) && !request.headers().contains(HttpHeaders.UPGRADE)) {
        return Optional.empty();
      }
      String own = ownOrigin.apply(request);
      return origin.equalsIgnoreCase(own) ? Optional.empty() : Optional.of(foreign(origin, own));
    }

    private static ApiException foreign(String origin, String own) {
      String shown = origin.length() > MAX_SHOWN ? origin.substring(0, MAX_SHOWN) + "…" : origin;
      return ApiException.of(ApiException.Code.FOREIGN_ORIGIN,
        "A page of '%s' may not do this here; open %s itself and try again.".formatted(shown, own),
        "来自“%s”的页面不能在此执行该操作；请直接打开 %s 后重试。".formatted(shown, own));
    }
  }
}
