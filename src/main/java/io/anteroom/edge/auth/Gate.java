package io.anteroom.edge.auth;

import io.anteroom.config.Auth;
import io.anteroom.config.Auth.Way;
import io.anteroom.config.Directory;
import io.vertx.core.Context;
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

  public static Gate of(Parts parts) {
    return parts.auth().isOpen() ? new Gate(new OpenAuthenticator(parts.directory()), Optional.empty())
      : guarded(parts);
  }

  private static Gate guarded(Parts parts) {
    Auth auth = parts.auth();
    SignInCookie cookie = new SignInCookie(request -> parts.peers().ownOrigin(request).startsWith("https:"));
    CookieRecognizer byCookie = new CookieRecognizer(parts.store().signIns(), cookie, Clock.systemUTC());
    List<Recognizer> recognizers = new ArrayList<>(List.of(byCookie));
    if (auth.has(Way.HEADER)) {
      recognizers.add(new HeaderRecognizer(parts.peers(), auth.header()));
    }
    Entrance entrance = new CookieEntrance(parts.store().signIns(), cookie, parts.directory(), auth.lifetime());
    Optional<Passwords> passwords = auth.has(Way.USERS)
      ? Optional.of(new Passwords(parts.context(), parts.store().signIns(), parts.store().passwords()))
      : Optional.empty();
    SignInRoutes routes = new SignInRoutes(new SignInRoutes.House(parts.store().signIns(), parts.directory(),
      new SignInPage(parts.page()), cookie, byCookie, entrance, passwords, List.of()));
    return new Gate(new MemberAuthenticator(recognizers, parts.directory()), Optional.of(routes));
  }
}
