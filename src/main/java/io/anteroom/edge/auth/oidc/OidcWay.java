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
import io.anteroom.config.Auth;
import io.anteroom.edge.auth.AuthRefusals;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.RefusedNames;
import io.anteroom.edge.auth.jwt.IdTokens;
import io.anteroom.edge.auth.jwt.Messenger;
import io.anteroom.edge.auth.oidc.Provider.Codes;
import io.anteroom.edge.auth.oidc.Provider.Known;
import io.anteroom.edge.auth.signin.Errand;
import io.anteroom.edge.auth.signin.Errands;
import io.anteroom.edge.auth.signin.Errands.Begun;
import io.anteroom.edge.auth.signin.Form;
import io.anteroom.edge.auth.signin.SignInWay;
import io.anteroom.edge.auth.signin.SignInWay.WayParts;
import io.anteroom.edge.http.Frame.Pages;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Clock;

/** Signs in at an OpenID Connect provider: code flow with PKCE. */
public final class OidcWay implements SignInWay {
  private static final String NAME = "oidc";
  private static final String BEGIN = "/signin/" + NAME;
  private static final String CALLBACK = "callback";

  private final Auth.Oidc settings;
  private final WayParts parts;
  private final Provider provider;
  private final Codes codes;
  private final IdTokens idTokens;
  private final Errands errands;
  private final ClaimMapping mapping;

  private OidcWay(WayParts parts, Provider provider, Messenger messenger) {
    this.settings = parts.auth().oidc();
    this.parts = parts;
    this.provider = provider;
    this.codes = new Codes(settings, messenger);
    this.idTokens = new IdTokens(settings.issuer().orElseThrow().toString(), settings.clientId());
    this.errands = Errands.byRedirect(parts.signIns(), NAME, parts.peers());
    this.mapping = new ClaimMapping(parts.auth().claims(), RefusedNames.of(parts.vertx()));
  }

  /** One that knows its provider; fails with words when what answers there is none, or another one. */
  public static Future<SignInWay> open(WayParts parts) {
    Messenger messenger = new Messenger(parts.vertx());
    Provider provider =
      new Provider(parts.vertx(), parts.auth().oidc().issuer().orElseThrow(), messenger, Clock.systemUTC());
    return provider.open().map(opened -> new OidcWay(parts, provider, messenger));
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
      errands.begin(request, Form.ofQuery(request).get("next"), verifier.getValue()).compose(begun ->
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
    Form answer = Form.ofQuery(request);
    return errands.end(request, answer.get("state"))
      .compose(errand -> answer.get("error").isEmpty()
        ? identify(request, errand, answer)
        : Future.failedFuture(AuthRefusals.turnedDown(answer.get("error"))));
  }

  private Future<Void> identify(HttpServerRequest request, Errand errand, Form answer) {
    return known().compose(known ->
      codes.redeem(known.token(), answer.get("code"), errand.verifier(), redirect(request))
        .compose(token -> idTokens.proved(token, errand.nonce(), known.keys())))
      .compose(claims ->
        parts.entrance().admit(request, mapping.identity(claims.getClaims()), errand.next()));
  }

  private Future<Known> known() {
    return provider.known().recover(away -> Future.failedFuture(AuthRefusals.nobodyVouches()));
  }

  private URI redirect(HttpServerRequest request) {
    return URI.create(parts.peers().ownOrigin(request) + BEGIN + "/" + CALLBACK);
  }
}
