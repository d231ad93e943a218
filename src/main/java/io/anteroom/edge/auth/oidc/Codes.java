package io.anteroom.edge.auth.oidc;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import io.anteroom.config.Auth;
import io.anteroom.edge.auth.AuthRefusals;
import io.anteroom.edge.auth.jwt.Messenger;
import io.anteroom.edge.auth.jwt.Messenger.Reply;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redeems at the provider the codes that browsers bring back. */
final class Codes {
  private static final Logger log = LoggerFactory.getLogger(Codes.class);

  private final Auth.Oidc settings;
  private final Messenger messenger;

  Codes(Auth.Oidc settings, Messenger messenger) {
    this.settings = settings;
    this.messenger = messenger;
  }

  /** The id_token that the provider gives for it; refused when it gives none. */
  Future<String> redeem(URI token, String code, String verifier, URI redirect) {
    if (code.isEmpty()) {
      return Future.failedFuture(AuthRefusals.untrueSignIn());
    }
    HTTPRequest question =
      question(token, new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, new CodeVerifier(verifier)));
    return messenger.post(token, headers(question), question.getBody())
      .recover(away -> {
        log.warn("The identity provider did not answer: address={} cause={}", token, away.getMessage());
        return Future.failedFuture(AuthRefusals.nobodyVouches());
      })
      .compose(Codes::idToken);
  }

  private HTTPRequest question(URI token, AuthorizationCodeGrant grant) {
    ClientID client = new ClientID(settings.clientId());
    return settings.clientSecret()
      .map(secret -> new TokenRequest.Builder(token, new ClientSecretBasic(client, new Secret(secret)), grant))
      .orElseGet(() -> new TokenRequest.Builder(token, client, grant))
      .build().toHTTPRequest();
  }

  private static Map<String, String> headers(HTTPRequest question) {
    return question.getHeaderMap().entrySet().stream()
      .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().get(0)));
  }

  private static Future<String> idToken(Reply reply) {
    try {
      HTTPResponse answer = new HTTPResponse(reply.status());
      answer.setContentType(reply.contentType());
      answer.setBody(reply.body());
      TokenResponse read = OIDCTokenResponseParser.parse(answer);
      if (read instanceof OIDCTokenResponse tokens && tokens.getOIDCTokens().getIDTokenString() != null) {
        return Future.succeededFuture(tokens.getOIDCTokens().getIDTokenString());
      }
      log.warn("The identity provider did not redeem a code: error={}", read.toErrorResponse().getErrorObject());
    } catch (ParseException | ClassCastException strange) {
      log.warn("The identity provider's answer to a code was not understood: status={} cause={}", reply.status(),
        strange.getMessage());
    }
    return Future.failedFuture(AuthRefusals.untrueSignIn());
  }
}
