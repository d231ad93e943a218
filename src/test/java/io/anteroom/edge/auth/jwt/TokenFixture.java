package io.anteroom.edge.auth.jwt;

import static io.anteroom.support.Awaited.done;

import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.identity.Identity;
import io.anteroom.support.MovableClock;
import io.anteroom.support.redis.MemorySignInStore;
import io.anteroom.task.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A door that lets in by tokens alone, and says whom it sees. */
final class TokenFixture implements AutoCloseable {
  static final String NOBODY = "nobody";
  static final String ISSUER = "https://school.example";
  static final String AUDIENCE = "anteroom";
  static final String COOKIE = "school_token";

  final Vertx vertx;
  final MovableClock clock = new MovableClock();
  final MemorySignInStore signIns = new MemorySignInStore(clock);
  private final JwtAuthenticator recognizer;
  private final HttpServer server;
  private final HttpClient client;

  TokenFixture(Vertx vertx, KeySource keys) {
    this.vertx = vertx;
    this.recognizer = new JwtAuthenticator(auth(Optional.empty(), Optional.empty()), keys, signIns,
      RejectedNames.of(vertx), clock);
    this.server = done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    this.client = vertx.createHttpClient();
  }

  static AuthSettings auth(Optional<String> secret, Optional<String> keys) {
    return new AuthSettings(Set.of(AuthSettings.Way.JWT), false, Duration.ofHours(12), Optional.empty(),
      new AuthSettings.Claims("sub", "groups", "role", Set.of("teacher"), Set.of()),
      new AuthSettings.Jwt(secret, keys, ISSUER, AUDIENCE, Optional.of(COOKIE)),
      new AuthSettings.Header("X-Forwarded-User", "X-Forwarded-Name", "X-Forwarded-Groups"),
      new AuthSettings.Oidc(Optional.empty(), "", Optional.empty(), List.of()),
      new AuthSettings.Lti(Optional.empty(), "", Optional.empty(), Optional.empty(), Set.of()));
  }

  /** What a true token says; a test changes what it is about. */
  JsonObject claims() {
    long now = clock.instant().getEpochSecond();
    return new JsonObject().put("iss", ISSUER).put("aud", AUDIENCE).put("sub", "alice").put("name", "Alice")
      .put("iat", now).put("exp", now + 3600);
  }

  /** Whom the door sees behind this bearer token. */
  String bearer(String token) {
    return ask("/", "Authorization", "Bearer " + token);
  }

  String ask(String uri, String... headers) {
    return done(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", uri).compose(request -> {
      for (int i = 0; i < headers.length; i += 2) {
        request.headers().add(headers[i], headers[i + 1]);
      }
      return request.send().compose(answer -> answer.body());
    })).toString();
  }

  private void answer(HttpServerRequest request) {
    recognizer.authenticate(request)
      .map(known -> known.map(TokenFixture::shown).orElse(NOBODY))
      .otherwise(failure -> failure instanceof ApiException refusal ? refusal.code().word() : failure.toString())
      .onSuccess(answer -> request.response().end(answer));
  }

  private static String shown(Identity who) {
    return who.user() + " " + who.role().word() + " " + new JsonArray(List.copyOf(new TreeSet<>(who.groups())));
  }

  @Override
  public void close() {
    done(server.close());
  }
}
