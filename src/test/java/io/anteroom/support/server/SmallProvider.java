package io.anteroom.support.server;

import static io.anteroom.support.Awaited.done;

import io.anteroom.support.browser.Forms;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * An OpenID Connect provider that follows the specification: discovery, code flow with PKCE, codes that work once. A
 * test may have it say, or sign, something wrong.
 */
public final class SmallProvider implements AutoCloseable {
  public static final String CLIENT = "anteroom";
  public static final String SECRET = "a secret: ?&";

  private final HttpServer server;
  private final TokenIssuer key = TokenIssuer.rsa("provider");
  private final Map<String, HttpServerRequest> codes = new ConcurrentHashMap<>();
  private volatile UnaryOperator<JsonObject> discovery = said -> said;
  private volatile UnaryOperator<JsonObject> claims = said -> said;
  private volatile TokenIssuer signer = key;
  private volatile String error = "";
  private volatile String askedWith = "";
  private final AtomicInteger given = new AtomicInteger();

  public SmallProvider(Vertx vertx) {
    server = done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "localhost"));
  }

  public String issuer() {
    return "http://localhost:" + server.actualPort();
  }

  /** What it says of itself from now on. */
  public void introducesItselfAs(UnaryOperator<JsonObject> change) {
    discovery = change;
  }

  /** What its id_tokens say from now on. */
  public void says(UnaryOperator<JsonObject> change) {
    claims = change;
  }

  public void signsWith(TokenIssuer other) {
    signer = other;
  }

  /** It sends everybody back with this from now on. */
  public void turnsAwayWith(String reason) {
    error = reason;
  }

  /** How the client proved itself at the last redeeming of a code. */
  public String askedWith() {
    return askedWith;
  }

  /** For how many codes it has given a token. */
  public int given() {
    return given.get();
  }

  public TokenIssuer key() {
    return key;
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/.well-known/openid-configuration" -> json(request, discovery.apply(introduction()));
      case "/keys" -> json(request, new JsonObject(key.jwks()));
      case "/authorize" -> page(request);
      case "/entered" -> sendBack(request);
      case "/token" -> redeem(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private JsonObject introduction() {
    return new JsonObject().put("issuer", issuer())
      .put("authorization_endpoint", issuer() + "/authorize").put("token_endpoint", issuer() + "/token")
      .put("jwks_uri", issuer() + "/keys").put("response_types_supported", new JsonArray().add("code"))
      .put("subject_types_supported", new JsonArray().add("public"))
      .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256"));
  }

  /** Its sign-in page; whoever the user says he is, he is. */
  private void page(HttpServerRequest request) {
    boolean sound = "code".equals(request.getParam("response_type")) && CLIENT.equals(request.getParam("client_id"))
      && request.getParam("scope", "").contains("openid")
      && request.getParam("redirect_uri", "").endsWith("/signin/oidc/callback")
      && "S256".equals(request.getParam("code_challenge_method")) && request.getParam("state", "").length() >= 20;
    request.response().setStatusCode(sound ? 200 : 400).putHeader("Content-Type", "text/html").end(
      "<form action=\"/entered\"><input name=\"user\" id=\"user\"><input type=\"hidden\" name=\"of\" value=\"%s\">"
        .formatted(Base64.getUrlEncoder().encodeToString(request.query().getBytes(StandardCharsets.UTF_8)))
        + "<button>Enter</button></form>");
  }

  private void sendBack(HttpServerRequest request) {
    String query = new String(Base64.getUrlDecoder().decode(request.getParam("of")), StandardCharsets.UTF_8);
    JsonObject asked = Forms.fields(query);
    String code = UUID.randomUUID().toString();
    codes.put(code, request);
    String answer = error.isEmpty() ? "code=" + code : "error=" + URLEncoder.encode(error, StandardCharsets.UTF_8);
    request.response().setStatusCode(302)
      .putHeader("Location", asked.getString("redirect_uri") + "?" + answer + "&state=" + asked.getString("state"))
      .end();
  }

  private void redeem(HttpServerRequest request) {
    request.body().onSuccess(body -> {
      JsonObject form = Forms.fields(body.toString());
      askedWith = request.getHeader("Authorization") == null ? "none" : request.getHeader("Authorization");
      HttpServerRequest entered = codes.remove(form.getString("code", ""));
      if (entered == null || !isWhoBegan(form, entered)) {
        request.response().setStatusCode(400);
        json(request, new JsonObject().put("error", "invalid_grant"));
        return;
      }
      given.incrementAndGet();
      json(request, new JsonObject().put("access_token", "opaque").put("token_type", "Bearer")
        .put("id_token", signer.token(claims.apply(claims(entered)))));
    });
  }

  private static boolean isWhoBegan(JsonObject form, HttpServerRequest entered) {
    JsonObject asked = asked(entered);
    return "authorization_code".equals(form.getString("grant_type"))
      && asked.getString("redirect_uri").equals(form.getString("redirect_uri"))
      && asked.getString("code_challenge").equals(challenge(form.getString("code_verifier", "")));
  }

  private JsonObject claims(HttpServerRequest entered) {
    long now = Instant.now().getEpochSecond();
    return new JsonObject().put("iss", issuer()).put("aud", CLIENT).put("sub", entered.getParam("user"))
      .put("nonce", asked(entered).getString("nonce")).put("iat", now).put("exp", now + 300);
  }

  private static JsonObject asked(HttpServerRequest entered) {
    return Forms.fields(new String(Base64.getUrlDecoder().decode(entered.getParam("of")), StandardCharsets.UTF_8));
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void json(HttpServerRequest request, JsonObject answer) {
    request.response().putHeader("Content-Type", "application/json").end(answer.encode());
  }

  @Override
  public void close() {
    done(server.close());
  }
}
