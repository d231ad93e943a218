package io.anteroom.edge.auth.signin;

import io.anteroom.edge.http.HtmlPages.Page;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The pages of signing in and out. */
public final class SignInPage {
  private final Function<HttpServerRequest, String> formTargets;

  /**
   * @param formTargets the origins to which a sign-in may redirect, besides this one: Chromium checks the redirects of
   *                    a form against the page's {@code form-action}
   */
  public SignInPage(Function<HttpServerRequest, String> formTargets) {
    this.formTargets = formTargets;
  }

  /** A link to one way of signing in. */
  public record Button(String address, String label) {
    static Button of(SignInMethod method, String next) {
      return new Button(method.begin() + "?next=" + Pages.encoded(next), method.name().toUpperCase(Locale.ROOT));
    }
  }

  /** Answers with one of these pages. */
  Future<Void> send(HttpServerRequest request, int status, Page page) {
    return Pages.send(request, status, page, formTargets.apply(request));
  }

  /** A form for name and password where that is a way to sign in here, and a button for each other way. */
  Page signIn(boolean byPassword, List<SignInMethod> methods, String next, Optional<ApiException> error) {
    List<Button> buttons = methods.stream().filter(method -> !method.begin().isEmpty())
      .map(method -> Button.of(method, next)).toList();
    return new Page("signin.jte", Optional.of("/signin" + (next.isEmpty() ? "" : "?next=" + Pages.encoded(next))),
      Map.of("byPassword", byPassword, "buttons", buttons, "next", next, "error", error));
  }

  /** A form for the password that replaces a one-time code; leaving the page for the other language would lose it. */
  Page choose(String user, String errand, String next, Optional<ApiException> error) {
    return new Page("choose.jte", Optional.empty(),
      Map.of("user", user, "errand", errand, "next", next, "error", error));
  }

  /** The page that asks before it signs the user out. */
  Page signOut() {
    return new Page("signout.jte", Optional.of("/signout"), Map.of());
  }
}
