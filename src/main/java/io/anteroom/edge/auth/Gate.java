package io.anteroom.edge.auth;

import io.anteroom.config.Auth;
import io.anteroom.config.Auth.Way;
import io.anteroom.config.Directory;
import io.anteroom.edge.auth.lti.LtiWay;
import io.anteroom.edge.auth.oidc.OidcWay;
import io.anteroom.edge.auth.token.TokenRecognizer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How people come in at one edge: the ways that the settings open, put together.
 *
 * @param authenticator tells who asks
 * @param signIn        the pages of signing in and out; empty where nobody needs to
 */
public record Gate(Authenticator authenticator, Optional<SignInRoutes> signIn) {

  /**
   * What a gate is made of.
   *
   * @param context of the edge: all of it is used there only
   * @param page    the template of the pages, which is at {@link #TEMPLATE}
   */
  public record Parts(Context context, Auth auth, Supplier<Directory> directory, SignInStore store, Peers peers,
      String page) {
  }

  /** Where the pages' template is. */
  public static final String TEMPLATE = SignInPage.TEMPLATE;

  /** Fails with words for the administrator when a way is open that can let nobody in. */
  public static Future<Gate> of(Parts parts) {
    if (parts.auth().isOpen()) {
      return Future.succeededFuture(new Gate(new OpenAuthenticator(parts.directory()), Optional.empty()));
    }
    SignInCookie cookie = new SignInCookie(request -> parts.peers().ownOrigin(request).startsWith("https:"));
    Entrance entrance =
      new CookieEntrance(parts.store().signIns(), cookie, parts.peers(), parts.directory(), parts.auth().lifetime());
    WayParts made = new WayParts(parts.context().owner(), parts.auth(), parts.store().signIns(), parts.peers(),
      entrance);
    return tokens(made).compose(tokens -> ways(made).map(ways -> guarded(parts, cookie, entrance, tokens, ways)));
  }

  private static Future<List<Recognizer>> tokens(WayParts parts) {
    return parts.auth().has(Way.JWT)
      ? TokenRecognizer.open(parts.vertx(), parts.auth(), parts.signIns()).map(List::of)
      : Future.succeededFuture(List.of());
  }

  private static Future<List<SignInWay>> ways(WayParts parts) {
    List<Future<SignInWay>> opening = new ArrayList<>();
    if (parts.auth().has(Way.OIDC)) {
      opening.add(OidcWay.open(parts));
    }
    if (parts.auth().has(Way.LTI)) {
      opening.add(LtiWay.open(parts));
    }
    return Future.all(opening).map(opened -> opened.list());
  }

  private static Gate guarded(Parts parts, SignInCookie cookie, Entrance entrance, List<Recognizer> tokens,
      List<SignInWay> ways) {
    Auth auth = parts.auth();
    CookieRecognizer byCookie = new CookieRecognizer(parts.store().signIns(), cookie, Clock.systemUTC());
    List<Recognizer> recognizers = new ArrayList<>(List.of(byCookie));
    recognizers.addAll(tokens);
    if (auth.has(Way.HEADER)) {
      recognizers.add(new HeaderRecognizer(parts.peers(), auth.header()));
    }
    Optional<Passwords> passwords = auth.has(Way.USERS)
      ? Optional.of(new Passwords(parts.context(), parts.store().signIns(), parts.store().passwords()))
      : Optional.empty();
    SignInRoutes routes = new SignInRoutes(new SignInRoutes.House(parts.store().signIns(), parts.directory(),
      new SignInPage(parts.page()), cookie, byCookie, parts.peers(), entrance, passwords,
      ways));
    return new Gate(new MemberAuthenticator(recognizers, parts.directory()), Optional.of(routes));
  }
}
