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
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.anteroom.async.RequestCoalescer;
import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.jwt.JwksUrl;
import io.anteroom.edge.auth.jwt.KeySource;
import io.anteroom.edge.auth.jwt.ProviderClient;
import io.anteroom.edge.auth.jwt.ProviderClient.Reply;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata of the OpenID Connect provider (discovery), fetched again every hour; an invalid or missing response
 * changes nothing. Belongs to one event loop.
 */
final class OidcProvider {
  private static final Logger log = LoggerFactory.getLogger(OidcProvider.class);
  private static final String WELL_KNOWN = "/.well-known/openid-configuration";
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration OLD = Duration.ofHours(1);

  private final Vertx vertx;
  private final String issuer;
  private final ProviderClient provider;
  private final Clock clock;
  private final RequestCoalescer<Known> requests;
  private Future<Known> known = Future.failedFuture("no metadata was fetched yet");
  private Future<Known> outcome = known;
  private Instant asked = Instant.EPOCH;

  /** The authorization endpoint, the token endpoint, and the keys that verify its tokens. */
  record Known(URI authorization, URI token, KeySource keys) {
  }

  OidcProvider(Vertx vertx, URI issuer, ProviderClient provider, Clock clock) {
    this.vertx = vertx;
    this.issuer = issuer.toString();
    this.provider = provider;
    this.clock = clock;
    this.requests = new RequestCoalescer<>(vertx);
  }

  /** Fails when the provider is not what the settings say; that it is unreachable is for later. */
  Future<Void> open() {
    return known().<Void>mapEmpty().recover(cause -> cause instanceof Unusable
      ? Future.failedFuture(new Unusable("oidc.issuer cannot be used: " + cause.getMessage()))
      : Future.succeededFuture());
  }

  /** Its metadata; fails as long as it was never reached. */
  Future<Known> known() {
    Future<Known> latest = requests.join(issuer, this::refresh);
    return known.succeeded() ? known : latest;
  }

  /** Fetches the metadata; the outcome of the last fetch while that is recent. */
  private Future<Known> refresh() {
    Duration pause = known.succeeded() ? OLD : PAUSE;
    if (!asked.plus(pause).isAfter(clock.instant())) {
      asked = clock.instant();
      outcome = fetch().onSuccess(found -> known = Future.succeededFuture(found))
        .onFailure(cause -> log.warn("The metadata of the identity provider could not be fetched: issuer={} cause={}",
          issuer, cause.getMessage()));
    }
    return outcome;
  }

  private Future<Known> fetch() {
    return provider.page(URI.create(issuer.replaceFirst("/$", "") + WELL_KNOWN)).map(this::read)
      .compose(found -> found.keys().open().map(opened -> found));
  }

  private Known read(String text) {
    try {
      OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(text);
      if (!issuer.equals(metadata.getIssuer().getValue())) {
        throw new Unusable("it calls itself '%s', expected the same".formatted(metadata.getIssuer()));
      }
      return known(metadata);
    } catch (ParseException noProvider) {
      throw new Unusable("expected an OpenID Connect provider: " + noProvider.getMessage());
    }
  }

  private Known known(OIDCProviderMetadata metadata) {
    URI authorization = metadata.getAuthorizationEndpointURI();
    URI token = metadata.getTokenEndpointURI();
    URI keys = metadata.getJWKSetURI();
    if (!Stream.of(authorization, token, keys).allMatch(ProviderClient::isSafe)) {
      throw new Unusable("expected https URLs for authorization, token and jwks_uri");
    }
    return new Known(authorization, token, JwksUrl.of(vertx, keys));
  }

  /** Exchanges the authorization codes that browsers bring back at the token endpoint. */
  static final class Codes {
    private static final Logger log = LoggerFactory.getLogger(Codes.class);

    private final AuthSettings.Oidc settings;
    private final ProviderClient provider;

    Codes(AuthSettings.Oidc settings, ProviderClient provider) {
      this.settings = settings;
      this.provider = provider;
    }

    /** The {@code id_token} that the provider returns for a code; refused when it returns none. */
    Future<String> redeem(URI token, String code, String verifier, URI redirect) {
      if (code.isEmpty()) {
        return Future.failedFuture(AuthErrors.unprovenSignIn());
      }
      HTTPRequest exchange =
        exchange(token, new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, new CodeVerifier(verifier)));
      return provider.post(token, headers(exchange), exchange.getBody())
        .recover(away -> {
          log.warn("The identity provider did not respond: address={} cause={}", token, away.getMessage());
          return Future.failedFuture(AuthErrors.providerUnavailable());
        })
        .compose(Codes::idToken);
    }

    private HTTPRequest exchange(URI token, AuthorizationCodeGrant grant) {
      ClientID client = new ClientID(settings.clientId());
      return settings.clientSecret()
        .map(secret -> new TokenRequest.Builder(token, new ClientSecretBasic(client, new Secret(secret)), grant))
        .orElseGet(() -> new TokenRequest.Builder(token, client, grant))
        .build().toHTTPRequest();
    }

    private static Map<String, String> headers(HTTPRequest exchange) {
      return exchange.getHeaderMap().entrySet().stream()
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
        log.warn("The identity provider rejected a code: error={}", read.toErrorResponse().getErrorObject());
      } catch (ParseException | ClassCastException strange) {
        log.warn("The identity provider's response to a code is invalid: status={} cause={}", reply.status(),
          strange.getMessage());
      }
      return Future.failedFuture(AuthErrors.unprovenSignIn());
    }
  }
}
