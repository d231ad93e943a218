package io.anteroom.edge.auth.lti;

import com.nimbusds.jwt.JWTClaimsSet;
import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.jwt.IdTokenVerifier;
import io.anteroom.edge.auth.jwt.JwksUrl;
import io.anteroom.edge.auth.jwt.KeySource;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.SignInCompletion;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInStates.Begun;
import io.anteroom.edge.auth.signin.SignInStates;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Signs in by an LTI 1.3 launch. The platform sends the browser here first ({@code login}); it is redirected back with
 * a state of its own, and only the launch in reply to that state counts: so a launch can neither be replayed, on any
 * node, nor be given to another browser (login CSRF).
 */
public final class LtiSignIn implements SignInMethod {
  private static final String NAME = "lti";
  private static final String LOGIN = "login";
  private static final String LAUNCH = "launch";

  private final AuthSettings.Lti settings;
  private final ClientResolver clients;
  private final SignInCompletion completion;
  private final KeySource keys;
  private final IdTokenVerifier idTokens;
  private final SignInStates states;
  private final ClaimMapping mapping;
  private final Clock clock;

  private LtiSignIn(Vertx vertx, AuthSettings auth, SignInStore signIns, ClientResolver clients,
      SignInCompletion completion, KeySource keys, Clock clock) {
    this.settings = auth.lti();
    this.clients = clients;
    this.completion = completion;
    this.keys = keys;
    this.idTokens = new IdTokenVerifier(settings.issuer().orElseThrow().toString(), settings.clientId());
    this.states = SignInStates.byForm(signIns, NAME, clients);
    this.mapping = new ClaimMapping(auth.claims(), RejectedNames.of(vertx));
    this.clock = clock;
  }

  /** Loads the platform's keys; fails with a message when what answers there cannot be used. */
  public static Future<SignInMethod> open(Vertx vertx, AuthSettings auth, SignInStore signIns, ClientResolver clients,
      SignInCompletion completion) {
    KeySource keys = JwksUrl.of(vertx, auth.lti().keys().orElseThrow());
    return keys.open()
      .recover(cause -> Future.failedFuture(new Unusable("lti.keys cannot be used: " + cause.getMessage())))
      .map(opened -> new LtiSignIn(vertx, auth, signIns, clients, completion, keys, Clock.systemUTC()));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String begin() {
    return "";
  }

  /** Both steps: a launch proves itself, and {@code login} changes nothing. */
  @Override
  public boolean takesForeignForms(String step) {
    return step.equals(LOGIN) || step.equals(LAUNCH);
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String step) {
    boolean posted = request.method() == HttpMethod.POST;
    if (step.equals(LOGIN) && (posted || request.method() == HttpMethod.GET)) {
      return (posted ? FormData.read(request) : Future.succeededFuture(FormData.ofQuery(request)))
        .compose(login -> redirectToPlatform(request, login));
    }
    return step.equals(LAUNCH) && posted ? FormData.read(request).compose(form -> launch(request, form))
      : Future.failedFuture(AuthErrors.unknownSignInState());
  }

  private Future<Void> redirectToPlatform(HttpServerRequest request, FormData login) {
    boolean isKnown = login.get("iss").equals(settings.issuer().orElseThrow().toString())
      && Set.of("", settings.clientId()).contains(login.get("client_id"))
      && (login.get("lti_deployment_id").isEmpty() || settings.deployments().contains(login.get("lti_deployment_id")))
      && !login.get("login_hint").isEmpty();
    return isKnown ? states.begin(request, "", "")
      .compose(begun -> Pages.redirect(request, platform(parameters(request, login, begun))))
      : Future.failedFuture(AuthErrors.signInDenied("iss, client_id, lti_deployment_id, login_hint"));
  }

  private Map<String, String> parameters(HttpServerRequest request, FormData login, Begun begun) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "id_token");
    parameters.put("response_mode", "form_post");
    parameters.put("scope", "openid");
    parameters.put("prompt", "none");
    parameters.put("client_id", settings.clientId());
    parameters.put("redirect_uri", clients.ownOrigin(request) + "/signin/" + NAME + "/" + LAUNCH);
    parameters.put("login_hint", login.get("login_hint"));
    parameters.put("state", begun.state());
    parameters.put("nonce", begun.stored().nonce());
    parameters.put("lti_message_hint", login.get("lti_message_hint"));
    parameters.values().removeIf(String::isEmpty);
    return parameters;
  }

  private String platform(Map<String, String> parameters) {
    String login = settings.login().orElseThrow().toString();
    return login + (login.contains("?") ? "&" : "?") + parameters.entrySet().stream()
      .map(field -> field.getKey() + "=" + Pages.encoded(field.getValue())).collect(Collectors.joining("&"));
  }

  private Future<Void> launch(HttpServerRequest request, FormData answer) {
    return states.end(request, answer.get("state"))
      .compose(state -> answer.get("error").isEmpty()
        ? idTokens.proved(answer.get("id_token"), state.nonce(), keys)
        : Future.failedFuture(AuthErrors.signInDenied(answer.get("error"))))
      .compose(claims -> admit(request, claims));
  }

  private Future<Void> admit(HttpServerRequest request, JWTClaimsSet claims) {
    LtiLaunch launch = new LtiLaunch(claims);
    Optional<String> fault = launch.fault(settings.deployments(), clock.instant());
    if (fault.isPresent()) {
      return Future.failedFuture(AuthErrors.signInDenied(fault.get()));
    }
    return completion.admit(request, mapping.identity(claims.getClaims(), launch.groups(), launch.roles()),
      launch.next());
  }
}
