package io.anteroom.edge;

import io.anteroom.config.AuthSettings.Way;
import io.anteroom.config.AuthSettings;
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
import io.anteroom.edge.auth.signin.SignInCompletion.CookieCompletion;
import io.anteroom.edge.auth.signin.SignInCompletion;
import io.anteroom.edge.auth.signin.SignInEndpoints;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInPage;
import io.anteroom.edge.auth.signin.SignInRoutes.SignOutRedirect;
import io.anteroom.edge.auth.signin.SignInRoutes;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Authentication and authorization of one edge, built for the ways to sign in that the settings open.
 *
 * @param authorizer     decides who may have what
 * @param members        identifies members of the lab at the public origin; empty where no sign-in is needed
 * @param signIn         the pages for signing in and out; empty where no sign-in is needed
 * @param studentOrigins one for each student; empty where all pages share one origin
 */
public record AuthSetup(
    Authorizer authorizer, Optional<MemberAuthorizer> members, Optional<SignInEndpoints> signIn,
    Optional<StudentOrigins> studentOrigins) {

  /** The CSRF check: which pages may act through a browser that comes in here. */
  public OriginCheck origins(ClientResolver clients) {
    return new OriginCheck(request -> studentOrigins.map(origins -> origins.own(request))
      .orElseGet(() -> clients.ownOrigin(request)));
  }

  /**
   * Builds the setup from the settings.
   *
   * @param context of the edge: everything is used on it alone
   */
  public record Builder(Context context, Settings settings, Supplier<Directory> directory, AuthStores store,
      ClientResolver clients) {

    /** Fails with a message for the administrator when a way to sign in is open but can never work. */
    public Future<AuthSetup> build() {
      if (auth().isOpen()) {
        return Future.succeededFuture(
          new AuthSetup(new OpenAuthorizer(directory), Optional.empty(), Optional.empty(), Optional.empty()));
      }
      SignInCookie cookie = new SignInCookie(clients);
      SignInCompletion completion = new CookieCompletion(signIns(), cookie, clients, directory, auth().lifetime());
      return tokens().compose(tokens -> methods(completion)
        .map(methods -> protectedBy(cookie, completion, tokens, methods)));
    }

    private Future<List<Authenticator>> tokens() {
      return auth().has(Way.JWT)
        ? JwtAuthenticator.open(vertx(), auth(), signIns()).map(List::of)
        : Future.succeededFuture(List.of());
    }

    private Future<List<SignInMethod>> methods(SignInCompletion completion) {
      List<Future<SignInMethod>> opening = new ArrayList<>();
      if (auth().has(Way.OIDC)) {
        opening.add(OidcSignIn.open(vertx(), auth(), signIns(), clients, completion));
      }
      if (auth().has(Way.LTI)) {
        opening.add(LtiSignIn.open(vertx(), auth(), signIns(), clients, completion));
      }
      return Future.all(opening).map(opened -> opened.list());
    }

    private AuthSetup protectedBy(SignInCookie cookie, SignInCompletion completion, List<Authenticator> tokens,
        List<SignInMethod> methods) {
      SignInCache recent = new SignInCache(signIns(), Clock.systemUTC());
      Optional<PasswordVerifier> passwords = passwords();
      List<Authenticator> basic = passwords.<Authenticator>map(verifier -> new BasicAuthenticator(vertx(), verifier,
        store, recent, clients, directory)).stream().toList();
      MemberAuthorizer members =
        new MemberAuthorizer(authenticators(new CookieAuthenticator(recent, cookie), tokens, basic), directory);
      MemberAuthorizer programs = new MemberAuthorizer(ofPrograms(tokens, basic), directory);
      Optional<IsolationSetup> isolation = StudentOrigins.of(settings.http(), clients, signIns()).map(origins ->
        new IsolationSetup(origins, clients, signIns(), recent, directory, members, cookie, programs));
      List<SignInMethod> all = new ArrayList<>(methods);
      isolation.ifPresent(setup -> all.add(setup.method()));
      SignInPage page = new SignInPage(request -> isolation.map(setup -> setup.origins().all(request)).orElse(""));
      SignInEndpoints signIn = new SignInRoutes(signIns(), directory, page, cookie, recent, clients, completion,
        passwords, List.copyOf(all), isolation.map(IsolationSetup::signOutRedirect).orElse(SignOutRedirect.TO_SIGN_IN));
      return isolation.map(setup -> new AuthSetup(setup.authorizer(), Optional.of(members),
          Optional.of(setup.signIn(signIn, auth().lifetime())), Optional.of(setup.origins())))
        .orElseGet(() -> new AuthSetup(members, Optional.of(members), Optional.of(signIn), Optional.empty()));
    }

    /** Basic comes last: a proxy in front may have asked browsers for credentials of its own. */
    private List<Authenticator> authenticators(Authenticator byCookie, List<Authenticator> tokens,
        List<Authenticator> basic) {
      List<Authenticator> authenticators = new ArrayList<>(List.of(byCookie));
      authenticators.addAll(tokens);
      if (auth().has(Way.HEADER)) {
        authenticators.add(new HeaderAuthenticator(clients, auth().header(), RejectedNames.of(vertx())));
      }
      authenticators.addAll(basic);
      return authenticators;
    }

    /** What a browser never sends by itself: a token counts in {@code Authorization} alone, not as a cookie. */
    private static List<Authenticator> ofPrograms(List<Authenticator> tokens, List<Authenticator> basic) {
      List<Authenticator> authenticators = new ArrayList<>(basic);
      tokens.forEach(token -> authenticators.add(request ->
        AuthorizationHeader.has(request, AuthorizationHeader.BEARER)
          ? token.authenticate(request) : Future.succeededFuture(Optional.empty())));
      return authenticators;
    }

    private Optional<PasswordVerifier> passwords() {
      return auth().has(Way.USERS)
        ? Optional.of(new PasswordVerifier(context, signIns(), store.passwords())) : Optional.empty();
    }

    private AuthSettings auth() {
      return settings.auth();
    }

    private SignInStore signIns() {
      return store.signIns();
    }

    private Vertx vertx() {
      return context.owner();
    }
  }
}
