package io.anteroom.edge.auth.lti;

import com.nimbusds.jwt.JWTClaimsSet;
import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.jwt.IdTokenVerifier;
import io.anteroom.edge.auth.jwt.JwksUrl;
import io.anteroom.edge.auth.jwt.KeySource;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInMethod.WayParts;
import io.anteroom.edge.auth.signin.SignInStates;
import io.anteroom.edge.auth.signin.SignInStates.Begun;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Signs in whoever the platform launches. The platform sends the browser here first ({@code login}); we send it back
 * with an errand of its own, and take the launch that answers it: so a launch cannot be replayed, on any node, nor be
 * slipped to another browser.
 */
public final class LtiSignIn implements SignInMethod {
  private static final String NAME = "lti";
  private static final String LOGIN = "login";
  private static final String LAUNCH = "launch";

  private final AuthSettings.Lti settings;
  private final WayParts parts;
  private final KeySource keys;
  private final IdTokenVerifier idTokens;
  private final SignInStates errands;
  private final ClaimMapping mapping;
  private final Clock clock;

  private LtiSignIn(WayParts parts, KeySource keys, Clock clock) {
    this.settings = parts.auth().lti();
    this.parts = parts;
    this.keys = keys;
    this.idTokens = new IdTokenVerifier(settings.issuer().orElseThrow().toString(), settings.clientId());
    this.errands = SignInStates.byForm(parts.signIns(), NAME, parts.peers());
    this.mapping = new ClaimMapping(parts.auth().claims(), RejectedNames.of(parts.vertx()));
    this.clock = clock;
  }

  /** One that has the platform's keys, or will; fails with words when what answers there is of no use. */
  public static Future<SignInMethod> open(WayParts parts) {
    KeySource keys = JwksUrl.of(parts.vertx(), parts.auth().lti().keys().orElseThrow());
    return keys.open()
      .recover(cause -> Future.failedFuture(new Unusable("lti.keys is of no use: " + cause.getMessage())))
      .map(opened -> new LtiSignIn(parts, keys, Clock.systemUTC()));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String begin() {
    return "";
  }

  /** Both ways in: a launch proves itself, and what asks for one changes nothing. */
  @Override
  public boolean takesForeignForms(String step) {
    return step.equals(LOGIN) || step.equals(LAUNCH);
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String step) {
    boolean posted = request.method() == HttpMethod.POST;
    if (step.equals(LOGIN) && (posted || request.method() == HttpMethod.GET)) {
      return (posted ? FormData.read(request) : Future.succeededFuture(FormData.ofQuery(request)))
        .compose(login -> send(request, login));
    }
    return step.equals(LAUNCH) && posted ? FormData.read(request).compose(launch -> welcome(request, launch))
      : Future.failedFuture(AuthErrors.strangeErrand());
  }

  private Future<Void> send(HttpServerRequest request, FormData login) {
    boolean ours = login.get("iss").equals(settings.issuer().orElseThrow().toString())
      && Set.of("", settings.clientId()).contains(login.get("client_id"))
      && (login.get("lti_deployment_id").isEmpty() || settings.deployments().contains(login.get("lti_deployment_id")))
      && !login.get("login_hint").isEmpty();
    return ours ? errands.begin(request, "", "")
      .compose(begun -> Pages.redirect(request, platform(question(request, login, begun))))
      : Future.failedFuture(AuthErrors.turnedDown("iss, client_id, lti_deployment_id, login_hint"));
  }

  private Map<String, String> question(HttpServerRequest request, FormData login, Begun begun) {
    Map<String, String> question = new LinkedHashMap<>();
    question.put("response_type", "id_token");
    question.put("response_mode", "form_post");
    question.put("scope", "openid");
    question.put("prompt", "none");
    question.put("client_id", settings.clientId());
    question.put("redirect_uri", parts.peers().ownOrigin(request) + "/signin/" + NAME + "/" + LAUNCH);
    question.put("login_hint", login.get("login_hint"));
    question.put("state", begun.state());
    question.put("nonce", begun.errand().nonce());
    question.put("lti_message_hint", login.get("lti_message_hint"));
    question.values().removeIf(String::isEmpty);
    return question;
  }

  private String platform(Map<String, String> question) {
    String login = settings.login().orElseThrow().toString();
    return login + (login.contains("?") ? "&" : "?") + question.entrySet().stream()
      .map(field -> field.getKey() + "=" + Pages.encoded(field.getValue())).collect(Collectors.joining("&"));
  }

  private Future<Void> welcome(HttpServerRequest request, FormData answer) {
    return errands.end(request, answer.get("state"))
      .compose(errand -> answer.get("error").isEmpty()
        ? idTokens.proved(answer.get("id_token"), errand.nonce(), keys)
        : Future.failedFuture(AuthErrors.turnedDown(answer.get("error"))))
      .compose(claims -> admit(request, claims));
  }

  private Future<Void> admit(HttpServerRequest request, JWTClaimsSet claims) {
    LtiLaunch launch = new LtiLaunch(claims);
    Optional<String> fault = launch.fault(settings.deployments(), clock.instant());
    if (fault.isPresent()) {
      return Future.failedFuture(AuthErrors.turnedDown(fault.get()));
    }
    return parts.entrance().admit(request, mapping.identity(claims.getClaims(), launch.groups(), launch.roles()),
      launch.next());
  }
}
