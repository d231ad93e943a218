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
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.jwt.IdTokenVerifier;
import io.anteroom.edge.auth.jwt.ProviderClient;
import io.anteroom.edge.auth.oidc.OidcProvider.Codes;
import io.anteroom.edge.auth.oidc.OidcProvider.Known;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInMethod.WayParts;
import io.anteroom.edge.auth.signin.SignInState;
import io.anteroom.edge.auth.signin.SignInStates;
import io.anteroom.edge.auth.signin.SignInStates.Begun;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;

/** Signs in at an OpenID Connect provider: code flow with PKCE. */
public final class OidcSignIn implements SignInMethod {
  private static final String NAME = "oidc";
  private static final String BEGIN = "/signin/" + NAME;
  private static final String CALLBACK = "callback";

  private final AuthSettings.Oidc settings;
  private final WayParts parts;
  private final OidcProvider provider;
  private final Codes codes;
  private final IdTokenVerifier idTokens;
  private final SignInStates errands;
  private final ClaimMapping mapping;

  private OidcSignIn(WayParts parts, OidcProvider provider, ProviderClient messenger) {
    this.settings = parts.auth().oidc();
    this.parts = parts;
    this.provider = provider;
    this.codes = new Codes(settings, messenger);
    this.idTokens = new IdTokenVerifier(settings.issuer().orElseThrow().toString(), settings.clientId());
    this.errands = SignInStates.byRedirect(parts.signIns(), NAME, parts.peers());
    this.mapping = new ClaimMapping(parts.auth().claims(), RejectedNames.of(parts.vertx()));
  }

  /** One that knows its provider; fails with words when what answers there is none, or another one. */
  public static Future<SignInMethod> open(WayParts parts) {
    ProviderClient messenger = new ProviderClient(parts.vertx());
    OidcProvider provider =
      new OidcProvider(parts.vertx(), parts.auth().oidc().issuer().orElseThrow(), messenger, Clock.systemUTC());
    return provider.open().map(opened -> new OidcSignIn(parts, provider, messenger));
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
      case "" -> send(request);
      case CALLBACK -> welcome(request);
      default -> Pages.redirect(request, BEGIN);
    };
  }

  private Future<Void> send(HttpServerRequest request) {
    CodeVerifier verifier = new CodeVerifier();
    return known().compose(known ->
      errands.begin(request, FormData.ofQuery(request).get("next"), verifier.getValue()).compose(begun ->
        Pages.redirect(request, question(known, begun, redirect(request)).toURI().toString())));
  }

  private AuthenticationRequest question(Known known, Begun begun, URI redirect) {
    Scope scope = Scope.parse(settings.scopes());
    scope.add(OIDCScopeValue.OPENID);
    return new AuthenticationRequest.Builder(ResponseType.CODE, scope, new ClientID(settings.clientId()), redirect)
      .endpointURI(known.authorization())
      .state(new State(begun.state()))
      .nonce(new Nonce(begun.errand().nonce()))
      .codeChallenge(new CodeVerifier(begun.errand().verifier()), CodeChallengeMethod.S256)
      .build();
  }

  private Future<Void> welcome(HttpServerRequest request) {
    FormData answer = FormData.ofQuery(request);
    return errands.end(request, answer.get("state"))
      .compose(errand -> answer.get("error").isEmpty()
        ? identify(request, errand, answer)
        : Future.failedFuture(AuthErrors.turnedDown(answer.get("error"))));
  }

  private Future<Void> identify(HttpServerRequest request, SignInState errand, FormData answer) {
    return known().compose(known ->
      codes.redeem(known.token(), answer.get("code"), errand.verifier(), redirect(request))
        .compose(token -> idTokens.proved(token, errand.nonce(), known.keys())))
      .compose(claims ->
        parts.entrance().admit(request, mapping.identity(claims.getClaims()), errand.next()));
  }

  private Future<Known> known() {
    return provider.known().recover(away -> Future.failedFuture(AuthErrors.nobodyVouches()));
  }

  private URI redirect(HttpServerRequest request) {
    return URI.create(parts.peers().ownOrigin(request) + BEGIN + "/" + CALLBACK);
  }
}
