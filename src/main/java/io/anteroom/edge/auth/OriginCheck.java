package io.anteroom.edge.auth;

import io.anteroom.task.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps pages of other sites from acting through a student's browser.
 *
 * <p>ComfyUI's own check is without effect behind us, since we do not pass {@code Origin} on.
 */
public final class OriginCheck {
  private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final int LONGEST_SHOWN = 100;

  private final Function<HttpServerRequest, String> ownOrigin;

  /** @param ownOrigin where a request has come to, as its browser sees it */
  public OriginCheck(Function<HttpServerRequest, String> ownOrigin) {
    this.ownOrigin = ownOrigin;
  }

  /** Why this must not be done; empty when the browser says that a page of ours asks, or when no browser asks. */
  public Optional<Refusal> objection(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null || (HARMLESS.contains(request.method()) && !request.headers().contains(HttpHeaders.UPGRADE))) {
      return Optional.empty();
    }
    String own = ownOrigin.apply(request);
    return origin.equalsIgnoreCase(own) ? Optional.empty() : Optional.of(foreign(origin, own));
  }

  private static Refusal foreign(String origin, String own) {
    String shown = origin.length() > LONGEST_SHOWN ? origin.substring(0, LONGEST_SHOWN) + "…" : origin;
    return Refusal.of(Refusal.Code.FOREIGN_ORIGIN,
      "A page of '%s' must not do this here; open %s itself and try again.".formatted(shown, own),
      "来自“%s”的页面不能在此执行该操作;请直接打开 %s 后重试。".formatted(shown, own));
  }
}
