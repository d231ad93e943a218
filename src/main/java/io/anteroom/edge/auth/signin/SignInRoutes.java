package io.anteroom.edge.auth.signin;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Client;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.edge.auth.password.PasswordVerifier;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.AuditLog;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /signin} and {@code /signout}: signs in by name and password, and offers all other methods.
 *
 * @param passwords empty where names and passwords are not used
 * @param redirect  after a sign-out on a shared computer
 */
public record SignInRoutes(SignInStore signIns, Supplier<Directory> directory, SignInPage page, SignInCookie cookie,
    SignInCache recent, ClientResolver clients, SignInCompletion completion, Optional<PasswordVerifier> passwords,
    List<SignInMethod> methods, SignOutRedirect redirect) implements SignInEndpoints {

  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final String SIGN_IN = "/signin";
  private static final String SIGN_OUT = "/signout";
  private static final String CHOOSE = "choose";
  private static final Duration CHOICE_LIFETIME = Duration.ofMinutes(10);
  private static final Set<HttpMethod> READ_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  @Override
  public boolean takes(HttpServerRequest request, String path) {
    return path.equals(SIGN_IN) || path.equals(SIGN_OUT) || path.startsWith(SIGN_IN + "/");
  }

  @Override
  public boolean takesForeignForms(String path) {
    return methods.stream().anyMatch(method -> path.startsWith(root(method))
      && method.takesForeignForms(path.substring(root(method).length())));
  }

  @Override
  public Future<Void> lead(HttpServerRequest request, String owner) {
    return toPage(request);
  }

  /** Redirects a browser without a sign-in to the sign-in page, to come back to this address. */
  public static Future<Void> toPage(HttpServerRequest request) {
    return Pages.redirect(request, SIGN_IN + "?next=" + Pages.encoded(request.uri()));
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String path) {
    Future<Void> answer = switch (path) {
      case SIGN_IN -> READ_METHODS.contains(request.method()) ? show(request, Optional.empty()) : signIn(request);
      case SIGN_IN + "/" + CHOOSE -> choose(request);
      case SIGN_OUT -> READ_METHODS.contains(request.method())
        ? page.send(request, 200, page.signOut()) : signOut(request);
      default -> methods.stream().filter(method -> (path + "/").startsWith(root(method))).findFirst()
        .map(method -> method.handle(request, path.substring(Math.min(path.length(), root(method).length()))))
        .orElseGet(() -> Pages.redirect(request, SIGN_IN));
    };
    return answer.recover(failure -> failure instanceof ApiException why && !request.response().headWritten()
      ? show(request, Optional.of(why)) : Future.failedFuture(failure));
  }

  private static String root(SignInMethod method) {
    return SIGN_IN + "/" + method.name() + "/";
  }

  private Future<Void> show(HttpServerRequest request, Optional<ApiException> why) {
    String next = ReturnUrl.safe(request.getParam("next", ""), "");
    int status = why.map(error -> error.code().status()).orElse(200);
    return page.send(request, status,
      page.signIn(passwords.isPresent(), methods, next, why));
  }

  private Future<Void> signIn(HttpServerRequest request) {
    if (passwords.isEmpty()) {
      return Pages.redirect(request, SIGN_IN);
    }
    Client client = clients.of(request);
    return FormData.read(request).compose(form ->
      passwords.get().check(form.get("name"), form.get("password"), client.counted()).compose(result -> {
        String user = UserName.folded(form.get("name"));
        return switch (result) {
          case RIGHT -> admit(request, user, form.get("next"));
          case CODE -> signIns.putOnce(CHOOSE, user, CHOICE_LIFETIME).compose(ticket ->
            page.send(request, 200, page.choose(user, ticket, form.get("next"), Optional.empty())));
          case WRONG -> {
            log.warn("Sign-in refused: user={} address={}", logged(user), client.address().getHostAddress());
            yield Future.failedFuture(AuthErrors.wrongSignIn());
          }
        };
      }));
  }

  private Future<Void> choose(HttpServerRequest request) {
    return FormData.read(request).compose(form -> signIns.takeOnce(CHOOSE, form.get("errand")).compose(kept ->
      kept.isEmpty() || passwords.isEmpty() ? Future.failedFuture(AuthErrors.wrongSignIn())
        : choose(request, kept.get(), form)));
  }

  private Future<Void> choose(HttpServerRequest request, String user, FormData form) {
    int length = form.get("password").length();
    if (length < PasswordHash.MIN_LENGTH || length > PasswordHash.MAX_LENGTH) {
      return signIns.putOnce(CHOOSE, user, CHOICE_LIFETIME).compose(ticket -> page.send(request, 400,
        page.choose(user, ticket, form.get("next"), Optional.of(
          AuthErrors.weakPassword(length, PasswordHash.MIN_LENGTH, PasswordHash.MAX_LENGTH)))));
    }
    return passwords.get().choose(user, form.get("password")).compose(chosen -> {
      if (!chosen) {
        return Future.failedFuture(AuthErrors.wrongSignIn());
      }
      log.info("Password chosen: user={} address={}", UserName.logged(user), clients.address(request));
      return admit(request, user, form.get("next"));
    });
  }

  /** Users type their password where their name belongs: only names of the lab are logged. */
  private String logged(String user) {
    return directory.get().lists(user) ? UserName.logged(user) : "(not of the lab)";
  }

  private Future<Void> admit(HttpServerRequest request, String user, String next) {
    return directory.get().member(user)
      .map(member -> completion.admit(request, identity(member), next))
      .orElseGet(() -> Future.failedFuture(AuthErrors.notInTheLab(user)));
  }

  private static Identity identity(User user) {
    return new Identity(UserName.folded(user.name()), user.displayName(),
      user.group().isEmpty() ? Set.of() : Set.of(user.group()), user.role());
  }

  private Future<Void> signOut(HttpServerRequest request) {
    return FormData.read(request).compose(form -> cookie.token(request).map(token -> close(request, token))
      .orElseGet(() -> Future.succeededFuture(""))
      .compose(user -> {
        cookie.remove(request);
        boolean isShared = !form.get("shared").isEmpty();
        if (isShared) {
          Pages.forgetStored(request);
        }
        return (isShared && !user.isEmpty() ? redirect : SignOutRedirect.TO_SIGN_IN).target(request, user);
      }).compose(next -> Pages.redirect(request, next)));
  }

  /** Ends a sign-in; the user whose it was, empty when it was not valid. */
  private Future<String> close(HttpServerRequest request, String token) {
    return recent.find(SignInCookie.SCOPE, token).compose(identity -> {
      String user = identity.map(Identity::user).orElse("");
      recent.forget(SignInCookie.SCOPE, token);
      identity.ifPresent(who -> log.info("Signed out: user={} address={}", UserName.logged(who.user()),
        clients.address(request)));
      return signIns.close(SignInCookie.SCOPE, token).map(user);
    });
  }

  /** The redirect after a sign-out. */
  @FunctionalInterface
  public interface SignOutRedirect {

    /** For users without data at another origin. */
    SignOutRedirect TO_SIGN_IN = (request, user) -> Future.succeededFuture("/signin");

    /** The address; redirects on the way there may delete what the user's page has stored in the browser. */
    Future<String> target(HttpServerRequest request, String user);
  }
}
