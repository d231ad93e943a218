package io.anteroom.edge.auth;

import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Judges a request by what the browser says of how it came about; a page cannot change these words.
 *
 * <p>From another site one may follow a link to us, and nothing else: custom nodes change things on {@code GET} too.
 * Without the words, from an old browser or over plain HTTP, {@link OriginCheck} decides alone.
 */
public final class CsrfCheck {
  private static final Set<String> OUR_OWN = Set.of("same-origin", "none");

  private CsrfCheck() {
  }

  /** Why this must not be done; empty when a page of ours asks, when somebody follows a link, or when none says. */
  public static Optional<ApiException> objection(HttpServerRequest request) {
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
  private static ApiException serviceWorker() {
    return ApiException.of(ApiException.Code.FOREIGN_ORIGIN,
      "No page may leave a service worker in the browser here; the browser is the next student's too.",
      "此处不允许页面在浏览器中安装 Service Worker：下一位同学也会使用同一浏览器。");
  }

  private static ApiException foreign(String site) {
    return ApiException.of(ApiException.Code.FOREIGN_ORIGIN,
      "The browser says that a page of another address asks for this (%s); open the page here and try again."
        .formatted(site.length() > 20 ? "unknown" : site),
      "浏览器表明该请求来自其他地址的页面（%s）；请直接打开本站页面后重试。".formatted(site.length() > 20 ? "未知" : site));
  }

  /**
   * Keeps pages of other sites from acting through a student's browser.
   *
   * <p>ComfyUI's own check is without effect behind us, since we do not pass {@code Origin} on.
   */
  public static final class OriginCheck {
    private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int LONGEST_SHOWN = 100;

    private final Function<HttpServerRequest, String> ownOrigin;

    /** @param ownOrigin where a request has come to, as its browser sees it */
    public OriginCheck(Function<HttpServerRequest, String> ownOrigin) {
      this.ownOrigin = ownOrigin;
    }

    /** Why this must not be done; empty when the browser says that a page of ours asks, or when no browser asks. */
    public Optional<ApiException> objection(HttpServerRequest request) {
      String origin = request.getHeader(HttpHeaders.ORIGIN);
      if (origin == null || (HARMLESS.contains(request.method()) && !request.headers().contains(HttpHeaders.UPGRADE))) {
        return Optional.empty();
      }
      String own = ownOrigin.apply(request);
      return origin.equalsIgnoreCase(own) ? Optional.empty() : Optional.of(foreign(origin, own));
    }

    private static ApiException foreign(String origin, String own) {
      String shown = origin.length() > LONGEST_SHOWN ? origin.substring(0, LONGEST_SHOWN) + "…" : origin;
      return ApiException.of(ApiException.Code.FOREIGN_ORIGIN,
        "A page of '%s' must not do this here; open %s itself and try again.".formatted(shown, own),
        "来自“%s”的页面不能在此执行该操作；请直接打开 %s 后重试。".formatted(shown, own));
    }
  }
}
