package io.anteroom.edge.http;

import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * The page that a person sees who is refused: what happened and what to do, in both languages, and two ways on.
 *
 * <p>It has no link but the empty one, which is its own address wherever that is, and the one to the start: nobody is
 * led away by an address that somebody else has laid out.
 */
public final class ErrorPage {
  private static final Set<Integer> PASSING = Set.of(502, 503, 504);
  private static final String RELOADS_AFTER_SECONDS = "15";
  private static final String ITS_WAYS = """
    <nav>
      <a class="button" href="">Try again · 重试</a>
      <p><a href="/">To the start · 返回首页</a></p>
    </nav>
    """;
  private static final String RELOADS = """
    <p>This page tries again by itself every %s seconds.</p>
    <p lang="zh-CN">此页面每 %s 秒自动重试一次。</p>
    """.formatted(RELOADS_AFTER_SECONDS, RELOADS_AFTER_SECONDS);

  private ErrorPage() {
  }

  /** Answers with it; what may pass is tried again by the browser itself. */
  public static Future<Void> send(HttpServerRequest request, ApiException why) {
    int status = why.code().status();
    if (PASSING.contains(status)) {
      request.response().putHeader("Refresh", RELOADS_AFTER_SECONDS);
    }
    request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return Pages.html(request, status, of(why), "");
  }

  /** What was refused, as a part of any page. */
  public static String told(ApiException why) {
    return "<div role=\"alert\"><p>%s</p><p lang=\"zh-CN\">%s</p></div>"
      .formatted(Pages.escaped(why.english()), Pages.escaped(why.chinese()));
  }

  static String of(ApiException why) {
    boolean passes = PASSING.contains(why.code().status());
    String code = why.code().word() + (why.details().isEmpty() ? "" : ": " + why.details());
    return HtmlPages.around(passes ? "Not available at present · 暂时无法使用" : "This cannot be opened · 无法打开",
      told(why) + (passes ? RELOADS : "") + ITS_WAYS + "<p><small>%s</small></p>".formatted(Pages.escaped(code)));
  }
}
