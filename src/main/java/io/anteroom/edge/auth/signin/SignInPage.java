package io.anteroom.edge.auth.signin;

import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.edge.http.ErrorPage;
import io.anteroom.edge.http.HtmlPages;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes the pages of signing in and out, in both languages at once, for nobody knows yet who reads them. */
public final class SignInPage {
  private final Function<HttpServerRequest, String> onward;

  /** @param onward where a browser goes when it has signed in, besides here: Chromium asks the page whether it may */
  public SignInPage(Function<HttpServerRequest, String> onward) {
    this.onward = onward;
  }

  /** Answers with one of these pages. */
  Future<Void> send(HttpServerRequest request, int status, String page) {
    return Pages.html(request, status, page, onward.apply(request));
  }

  /** The page on which one signs in: by name and password where that is a way here, and a button for each other way. */
  String signIn(boolean byPassword, List<SignInMethod> ways, String next, Optional<ApiException> why) {
    String form = byPassword ? """
      <form method="post" action="/signin">
        <label>Name · 用户名<input name="name" autocomplete="username" autofocus required maxlength="%d"></label>
        <label>Password or one-time code · 密码或一次性代码
          <input name="password" type="password" autocomplete="current-password" required maxlength="200"></label>
        %s
        <button>Sign in · 登录</button>
      </form>
      """.formatted(UserName.MAX_BYTES, hidden("next", next)) : "";
    String buttons = ways.stream().filter(way -> !way.begin().isEmpty())
      .map(way -> "<a class=\"button\" href=\"%s?next=%s\">Sign in by %s · 通过 %s 登录</a>".formatted(way.begin(),
        Pages.encoded(next), label(way), label(way)))
      .collect(Collectors.joining("\n"));
    String hint = byPassword || !buttons.isEmpty() ? "" : """
      <p>Open ComfyUI from your teaching system: it signs you in here.</p>
      <p lang="zh-CN">请从教学系统打开 ComfyUI，届时会自动登录。</p>
      """;
    return HtmlPages.around("Sign in · 登录", told(why) + form + buttons + hint);
  }

  /** The page on which somebody who came with a one-time code chooses his password. */
  String choose(String user, String errand, String next, Optional<ApiException> why) {
    return HtmlPages.around("Choose your password · 设置密码", told(why) + """
      <form method="post" action="/signin/choose">
        <p>Welcome, %s. The code works once: choose the password for the next time, %d characters or more.</p>
        <p lang="zh-CN">欢迎，%s。代码仅可使用一次：请设置以后使用的密码，至少 %d 个字符。</p>
        <label>New password · 新密码
          <input name="password" type="password" autocomplete="new-password" autofocus required minlength="%d"
            maxlength="%d"></label>
        %s %s
        <button>Save and sign in · 保存并登录</button>
      </form>
      """.formatted(Pages.escaped(user), PasswordHash.SHORTEST, Pages.escaped(user), PasswordHash.SHORTEST,
        PasswordHash.SHORTEST, PasswordHash.LONGEST, hidden("errand", errand), hidden("next", next)));
  }

  /** The page on which one signs out. */
  String signOut() {
    return HtmlPages.around("Sign out · 退出登录", """
      <form method="post" action="/signout">
        <p>What waits or runs goes on; you find it when you come back.</p>
        <p lang="zh-CN">排队和运行中的任务会继续；再次登录即可查看。</p>
        <label class="line"><input type="checkbox" name="shared" value="1">
          This is a shared computer: delete what pages have stored here · 这是公用电脑：删除页面在此保存的数据</label>
        <button>Sign out · 退出登录</button>
      </form>
      """);
  }

  private static String told(Optional<ApiException> why) {
    return why.map(ErrorPage::told).orElse("");
  }

  private static String label(SignInMethod way) {
    return way.name().toUpperCase(Locale.ROOT);
  }

  private static String hidden(String name, String value) {
    return "<input type=\"hidden\" name=\"%s\" value=\"%s\">".formatted(name, Pages.escaped(value));
  }
}
