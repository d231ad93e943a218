package io.anteroom.edge.auth.signin;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Peer;
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

/** {@code /signin} and {@code /signout}: by name and password, and the way to all other ways. */
public final class SignInRoutes implements SignInEndpoints {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final String SIGN_IN = "/signin";
  private static final String SIGN_OUT = "/signout";
  private static final String CHOOSE = "choose";
  private static final Duration TIME_TO_CHOOSE = Duration.ofMinutes(10);
  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final House house;

  /**
   * What the routes work with.
   *
   * @param passwords empty where nobody signs in by name and password
   * @param leaving   for who signs out on a shared computer
   */
  public record House(SignInStore signIns, Supplier<Directory> directory, SignInPage page, SignInCookie cookie,
      SignInCache recent, ClientResolver peers, SignInCompletion entrance, Optional<PasswordVerifier> passwords,
      List<SignInMethod> ways, Leaving leaving) {
  }

  public SignInRoutes(House house) {
    this.house = house;
  }

  @Override
  public boolean takes(HttpServerRequest request, String path) {
    return path.equals(SIGN_IN) || path.equals(SIGN_OUT) || path.startsWith(SIGN_IN + "/");
  }

  @Override
  public boolean takesForeignForms(String path) {
    return house.ways().stream().anyMatch(way -> path.startsWith(root(way))
      && way.takesForeignForms(path.substring(root(way).length())));
  }

  @Override
  public Future<Void> lead(HttpServerRequest request, String owner) {
    return toPage(request);
  }

  /** Sends a browser that wants to open this address, and is not signed in, to the page on which one does. */
  public static Future<Void> toPage(HttpServerRequest request) {
    return Pages.redirect(request, SIGN_IN + "?next=" + Pages.encoded(request.uri()));
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String path) {
    Future<Void> answer = switch (path) {
      case SIGN_IN -> READS.contains(request.method()) ? show(request, Optional.empty()) : signIn(request);
      case SIGN_IN + "/" + CHOOSE -> choose(request);
      case SIGN_OUT -> READS.contains(request.method())
        ? house.page().send(request, 200, house.page().signOut()) : signOut(request);
      default -> house.ways().stream().filter(way -> (path + "/").startsWith(root(way))).findFirst()
        .map(way -> way.handle(request, path.substring(Math.min(path.length(), root(way).length()))))
        .orElseGet(() -> Pages.redirect(request, SIGN_IN));
    };
    return answer.recover(failure -> failure instanceof ApiException why && !request.response().headWritten()
      ? show(request, Optional.of(why)) : Future.failedFuture(failure));
  }

  private static String root(SignInMethod way) {
    return SIGN_IN + "/" + way.name() + "/";
  }

  private Future<Void> show(HttpServerRequest request, Optional<ApiException> why) {
    String next = ReturnUrl.safe(request.getParam("next", ""), "");
    int status = why.map(refusal -> refusal.code().status()).orElse(200);
    return house.page().send(request, status,
      house.page().signIn(house.passwords().isPresent(), house.ways(), next, why));
  }

  private Future<Void> signIn(HttpServerRequest request) {
    if (house.passwords().isEmpty()) {
      return Pages.redirect(request, SIGN_IN);
    }
    Peer peer = house.peers().of(request);
    return FormData.read(request).compose(form ->
      house.passwords().get().check(form.get("name"), form.get("password"), peer.counted()).compose(finding -> {
        String user = UserName.folded(form.get("name"));
        return switch (finding) {
          case RIGHT -> admit(request, user, form.get("next"));
          case CODE -> house.signIns().putOnce(CHOOSE, user, TIME_TO_CHOOSE).compose(errand ->
            house.page().send(request, 200, house.page().choose(user, errand, form.get("next"), Optional.empty())));
          case WRONG -> {
            log.warn("Sign-in refused: user={} address={}", known(user), peer.client().getHostAddress());
            yield Future.failedFuture(AuthErrors.wrongSignIn());
          }
        };
      }));
  }

  private Future<Void> choose(HttpServerRequest request) {
    return FormData.read(request).compose(form -> house.signIns().takeOnce(CHOOSE, form.get("errand")).compose(kept ->
      kept.isEmpty() || house.passwords().isEmpty() ? Future.failedFuture(AuthErrors.wrongSignIn())
        : choose(request, kept.get(), form)));
  }

  private Future<Void> choose(HttpServerRequest request, String user, FormData form) {
    int length = form.get("password").length();
    if (length < PasswordHash.SHORTEST || length > PasswordHash.LONGEST) {
      return house.signIns().putOnce(CHOOSE, user, TIME_TO_CHOOSE).compose(errand -> house.page().send(request, 400,
        house.page().choose(user, errand, form.get("next"), Optional.of(
          AuthErrors.weakPassword(length, PasswordHash.SHORTEST, PasswordHash.LONGEST)))));
    }
    return house.passwords().get().choose(user, form.get("password")).compose(chosen -> {
      if (!chosen) {
        return Future.failedFuture(AuthErrors.wrongSignIn());
      }
      log.info("Password chosen: user={} address={}", UserName.logged(user), house.peers().address(request));
      return admit(request, user, form.get("next"));
    });
  }

  /** People type their password where their name belongs: only a name of the lab may stand in a log. */
  private String known(String user) {
    return house.directory().get().lists(user) ? UserName.logged(user) : "(nobody of the lab)";
  }

  private Future<Void> admit(HttpServerRequest request, String user, String next) {
    return house.directory().get().member(user)
      .map(member -> house.entrance().admit(request, identity(member), next))
      .orElseGet(() -> Future.failedFuture(AuthErrors.notInTheLab(user)));
  }

  private static Identity identity(User user) {
    return new Identity(UserName.folded(user.name()), user.displayName(),
      user.group().isEmpty() ? Set.of() : Set.of(user.group()), user.role());
  }

  private Future<Void> signOut(HttpServerRequest request) {
    return FormData.read(request).compose(form -> house.cookie().token(request).map(token -> close(request, token))
      .orElseGet(() -> Future.succeededFuture(""))
      .compose(user -> {
        house.cookie().remove(request);
        boolean isShared = !form.get("shared").isEmpty();
        if (isShared) {
          Pages.forgetStored(request);
        }
        return (isShared && !user.isEmpty() ? house.leaving() : Leaving.TO_SIGN_IN).by(request, user);
      }).compose(next -> Pages.redirect(request, next)));
  }

  /** Whose sign-in it was; empty for nobody's. */
  private Future<String> close(HttpServerRequest request, String token) {
    return house.recent().find(SignInCookie.SCOPE, token).compose(known -> {
      String user = known.map(Identity::user).orElse("");
      house.recent().forget(SignInCookie.SCOPE, token);
      known.ifPresent(who -> log.info("Signed out: user={} address={}", UserName.logged(who.user()),
        house.peers().address(request)));
      return house.signIns().close(SignInCookie.SCOPE, token).map(user);
    });
  }

  /** Where a browser goes after somebody has signed out. */
  @FunctionalInterface
  public interface Leaving {

    /** Where it goes when nothing of him is anywhere else. */
    Leaving TO_SIGN_IN = (request, user) -> Future.succeededFuture("/signin");

    /** The address; on the way there what his page has stored in the browser may be deleted. */
    Future<String> by(HttpServerRequest request, String user);
  }
}
