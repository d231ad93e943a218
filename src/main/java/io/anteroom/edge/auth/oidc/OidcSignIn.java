package io.anteroom.edge.auth.oidc;

import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCScopeValue;
import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.jwt.IdTokenVerifier;
import io.anteroom.edge.auth.jwt.ProviderClient;
import io.anteroom.edge.auth.oidc.OidcProvider.Codes;
import io.anteroom.edge.auth.oidc.OidcProvider.Known;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.SignInCompletion;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInState;
import io.anteroom.edge.auth.signin.SignInStates.Begun;
import io.anteroom.edge.auth.signin.SignInStates;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;

/** Signs in at an OpenID Connect provider: authorization code flow with PKCE. */
public final class OidcSignIn implements SignInMethod {
  private static final String NAME = "oidc";
  private static final String BEGIN = "/signin/" + NAME;
  private static final String CALLBACK = "callback";

  private final AuthSettings.Oidc settings;
  private final ClientResolver clients;
  private final SignInCompletion completion;
  private final OidcProvider provider;
  private final Codes codes;
  private final IdTokenVerifier idTokens;
  private final SignInStates states;
  private final ClaimMapping mapping;

  private OidcSignIn(Vertx vertx, AuthSettings auth, SignInStore signIns, ClientResolver clients,
      SignInCompletion completion, OidcProvider provider, ProviderClient providerClient) {
    this.settings = auth.oidc();
    this.clients = clients;
    this.completion = completion;
    this.provider = provider;
    this.codes = new Codes(settings, providerClient);
    this.idTokens = new IdTokenVerifier(settings.issuer().orElseThrow().toString(), settings.clientId());
    this.states = SignInStates.byRedirect(signIns, NAME, clients);
    this.mapping = new ClaimMapping(auth.claims(), RejectedNames.of(vertx));
  }

  /** Discovers the provider; fails with a message when what answers there is none, or another one. */
  public static Future<SignInMethod> open(Vertx vertx, AuthSettings auth, SignInStore signIns, ClientResolver clients,
      SignInCompletion completion) {
    ProviderClient providerClient = new ProviderClient(vertx);
    OidcProvider provider =
      new OidcProvider(vertx, auth.oidc().issuer().orElseThrow(), providerClient, Clock.systemUTC());
    return provider.open()
      .map(opened -> new OidcSignIn(vertx, auth, signIns, clients, completion, provider, providerClient));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String begin() {
    return BEGIN;
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String step) {
    if (request.method() != HttpMethod.GET) {
      return Pages.redirect(request, BEGIN);
    }
    return switch (step) {
      case "" -> redirectToProvider(request);
      case CALLBACK -> callback(request);
      default -> Pages.redirect(request, BEGIN);
    };
  }

  private Future<Void> redirectToProvider(HttpServerRequest request) {
    CodeVerifier verifier = new CodeVerifier();
    return known().compose(known ->
      states.begin(request, FormData.ofQuery(request).get("next"), verifier.getValue()).compose(begun ->
        Pages.redirect(request, authenticationRequest(known, begun, redirect(request)).toURI().toString())));
  }

  private AuthenticationRequest authenticationRequest(Known known, Begun begun, URI redirect) {
    Scope scope = Scope.parse(settings.scopes());
    scope.add(OIDCScopeValue.OPENID);
    return new AuthenticationRequest.Builder(ResponseType.CODE, scope, new ClientID(settings.clientId()), redirect)
      .endpointURI(known.authorization())
      .state(new State(begun.state()))
      .nonce(new Nonce(begun.stored().nonce()))
      .codeChallenge(new CodeVerifier(begun.stored().verifier()), CodeChallengeMethod.S256)
      .build();
  }

  private Future<Void> callback(HttpServerRequest request) {
    FormData answer = FormData.ofQuery(request);
    return states.end(request, answer.get("state"))
      .compose(state -> answer.get("error").isEmpty()
        ? identify(request, state, answer)
        : Future.failedFuture(AuthErrors.signInDenied(answer.get("error"))));
  }

  private Future<Void> identify(HttpServerRequest request, SignInState state, FormData answer) {
    return known().compose(known ->
      codes.redeem(known.token(), answer.get("code"), state.verifier(), redirect(request))
        .compose(token -> idTokens.proved(token, state.nonce(), known.keys())))
      .compose(claims ->
        completion.admit(request, mapping.identity(claims.getClaims()), state.next()));
  }

  private Future<Known> known() {
    return provider.known().recover(away -> Future.failedFuture(AuthErrors.providerUnavailable()));
  }

  private URI redirect(HttpServerRequest request) {
    return URI.create(clients.ownOrigin(request) + BEGIN + "/" + CALLBACK);
  }
}
