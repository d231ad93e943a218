package io.anteroom.edge;

import io.anteroom.config.AuthSettings;
import io.anteroom.config.AuthSettings.Way;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.AuthorizationHeader;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.CookieAuthenticator;
import io.anteroom.edge.auth.CsrfCheck.OriginCheck;
import io.anteroom.edge.auth.HeaderAuthenticator;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.MemberAuthorizer.MemberAuthenticator;
import io.anteroom.edge.auth.OpenAuthorizer;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.isolation.IsolationSetup;
import io.anteroom.edge.auth.isolation.StudentOrigins;
import io.anteroom.edge.auth.jwt.JwtAuthenticator;
import io.anteroom.edge.auth.lti.LtiSignIn;
import io.anteroom.edge.auth.oidc.OidcSignIn;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.auth.password.BasicAuthenticator;
import io.anteroom.edge.auth.password.PasswordVerifier;
import io.anteroom.edge.auth.signin.SignInCompletion;
import io.anteroom.edge.auth.signin.SignInCompletion.CookieEntrance;
import io.anteroom.edge.auth.signin.SignInEndpoints;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInMethod.WayParts;
import io.anteroom.edge.auth.signin.SignInPage;
import io.anteroom.edge.auth.signin.SignInRoutes;
import io.anteroom.edge.auth.signin.SignInRoutes.Leaving;
import io.anteroom.identity.SignInStore;
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
 * @param members       finds out who of the lab is in the hall; empty where anybody may be anybody
 * @param signIn        the pages of signing in and out; empty where nobody needs to
 * @param doors         of the students; empty where all is one origin
 */
public record AuthSetup(
    Authorizer authenticator, Optional<MemberAuthorizer> members, Optional<SignInEndpoints> signIn,
    Optional<StudentOrigins> doors) {

  /**
   * What a gate is made of.
   *
   * @param context of the edge: all of it is used there only
   */
  public record Parts(Context context, Settings settings, Supplier<Directory> directory, AuthStores store,
      ClientResolver peers) {
    private AuthSettings auth() {
      return settings.auth();
    }
  }

  /** Tells which pages may act through a browser that comes in here. */
  public OriginCheck origins(ClientResolver peers) {
    return new OriginCheck(request -> doors.map(found -> found.own(request))
      .orElseGet(() -> peers.ownOrigin(request)));
  }

  /** Fails with words for the administrator when a way is open that can let nobody in. */
  public static Future<AuthSetup> of(Parts parts) {
    if (parts.auth().isOpen()) {
      return Future.succeededFuture(new AuthSetup(new OpenAuthorizer(parts.directory()), Optional.empty(),
        Optional.empty(), Optional.empty()));
    }
    SignInCookie cookie = new SignInCookie(parts.peers());
    SignInCompletion entrance =
      new CookieEntrance(parts.store().signIns(), cookie, parts.peers(), parts.directory(), parts.auth().lifetime());
    WayParts made = new WayParts(parts.context().owner(), parts.auth(), parts.store().signIns(), parts.peers(),
      entrance);
    return tokens(made).compose(tokens -> ways(made).map(ways -> guarded(parts, cookie, entrance, tokens, ways)));
  }

  private static Future<List<Authenticator>> tokens(WayParts parts) {
    return parts.auth().has(Way.JWT)
      ? JwtAuthenticator.open(parts.vertx(), parts.auth(), parts.signIns()).map(List::of)
      : Future.succeededFuture(List.of());
  }

  private static Future<List<SignInMethod>> ways(WayParts parts) {
    List<Future<SignInMethod>> opening = new ArrayList<>();
    if (parts.auth().has(Way.OIDC)) {
      opening.add(OidcSignIn.open(parts));
    }
    if (parts.auth().has(Way.LTI)) {
      opening.add(LtiSignIn.open(parts));
    }
    return Future.all(opening).map(opened -> opened.list());
  }

  private static AuthSetup guarded(Parts parts, SignInCookie cookie, SignInCompletion entrance,
    List<Authenticator> tokens,
      List<SignInMethod> ways) {
    SignInCache recent = new SignInCache(parts.store().signIns(), Clock.systemUTC());
    SignInStore signIns = parts.store().signIns();
    Optional<PasswordVerifier> passwords = passwords(parts);
    List<Authenticator> basic = passwords.<Authenticator>map(checks -> new BasicAuthenticator(parts.context().owner(),
      checks, parts.store(), recent, parts.peers(), parts.directory())).stream().toList();
    MemberAuthorizer members =
      new MemberAuthorizer(recognizers(parts, new CookieAuthenticator(recent, cookie), tokens, basic),
      parts.directory());
    Optional<IsolationSetup> doors = StudentOrigins.of(parts.settings().http(), parts.peers(), signIns)
      .map(found -> new IsolationSetup(found,
        new IsolationSetup.Known(parts.peers(), signIns, recent, parts.directory()), members, cookie,
        new MemberAuthorizer(ofPrograms(tokens, basic), parts.directory())));
    List<SignInMethod> all = new ArrayList<>(ways);
    doors.ifPresent(house -> all.add(house.way()));
    SignInPage page = new SignInPage(request -> doors.map(house -> house.doors().all(request)).orElse(""));
    SignInEndpoints hall = new SignInRoutes(new SignInRoutes.House(signIns, parts.directory(),
      page, cookie, recent, parts.peers(), entrance, passwords, List.copyOf(all),
      doors.map(IsolationSetup::leaving).orElse(Leaving.TO_SIGN_IN)));
    Authorizer authenticator = new MemberAuthenticator(members);
    return doors.map(house -> new AuthSetup(house.authenticator(authenticator), Optional.of(members),
        Optional.of(house.signIn(hall, parts.auth().lifetime())), Optional.of(house.doors())))
      .orElseGet(() -> new AuthSetup(authenticator, Optional.of(members), Optional.of(hall), Optional.empty()));
  }

  /** Basic comes last: a proxy in front may have asked browsers for credentials of its own. */
  private static List<Authenticator> recognizers(Parts parts, Authenticator byCookie, List<Authenticator> tokens,
      List<Authenticator> basic) {
    List<Authenticator> recognizers = new ArrayList<>(List.of(byCookie));
    recognizers.addAll(tokens);
    if (parts.auth().has(Way.HEADER)) {
      recognizers.add(new HeaderAuthenticator(parts.peers(), parts.auth().header(),
        RejectedNames.of(parts.context().owner())));
    }
    recognizers.addAll(basic);
    return recognizers;
  }

  /** What no browser sends by itself: a token counts in {@code Authorization} alone, not as a cookie. */
  private static List<Authenticator> ofPrograms(List<Authenticator> tokens, List<Authenticator> basic) {
    List<Authenticator> recognizers = new ArrayList<>(basic);
    tokens.forEach(token -> recognizers.add(request -> AuthorizationHeader.has(request, AuthorizationHeader.BEARER)
      ? token.recognize(request) : Future.succeededFuture(Optional.empty())));
    return recognizers;
  }

  private static Optional<PasswordVerifier> passwords(Parts parts) {
    return parts.auth().has(Way.USERS)
      ? Optional.of(new PasswordVerifier(parts.context(), parts.store().signIns(), parts.store().passwords()))
      : Optional.empty();
  }
}
