package io.anteroom.support.server;

import static io.anteroom.support.Awaited.done;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A learning platform that launches by LTI 1.3 as the specification has it; a test may have it say something wrong. */
public final class SmallPlatform implements AutoCloseable {
  public static final String CLIENT = "tool-7";
  public static final String DEPLOYMENT = "1";
  private static final String CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
  private static final String MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#";

  private final HttpServer server;
  private final TokenIssuer key = TokenIssuer.rsa("platform");
  private volatile UnaryOperator<JsonObject> claims = said -> said;
  private volatile TokenIssuer signer = key;
  private volatile String tool = "";

  public SmallPlatform(Vertx vertx) {
    server = done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "localhost"));
  }

  public String issuer() {
    return "http://localhost:" + server.actualPort();
  }

  /** Enters a tool, as its administrator does. */
  public void has(String toolAddress) {
    tool = toolAddress;
  }

  /** What its launches say from now on. */
  public void says(UnaryOperator<JsonObject> change) {
    claims = change;
  }

  public void signsWith(TokenIssuer other) {
    signer = other;
  }

  /** The address that a click on the tool's link opens first. */
  public String login(String user) {
    return tool + "/signin/lti/login?iss=" + encoded(issuer()) + "&login_hint=" + encoded(user) + "&client_id=" + CLIENT
      + "&lti_deployment_id=" + DEPLOYMENT + "&lti_message_hint=42"
      + "&target_link_uri=" + encoded(tool + "/u/" + user + "/");
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/keys" -> request.response().putHeader("Content-Type", "application/json").end(key.jwks());
      case "/course" -> html(request, "<a id=\"tool\" href=\"%s\">ComfyUI</a>"
        .formatted(login(request.getParam("user")).replace("&", "&amp;")));
      case "/auth" -> launch(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void launch(HttpServerRequest request) {
    boolean sound = "id_token".equals(request.getParam("response_type"))
      && "form_post".equals(request.getParam("response_mode")) && "none".equals(request.getParam("prompt"))
      && "openid".equals(request.getParam("scope")) && CLIENT.equals(request.getParam("client_id"))
      && (tool + "/signin/lti/launch").equals(request.getParam("redirect_uri"))
      && "42".equals(request.getParam("lti_message_hint"));
    if (!sound) {
      request.response().setStatusCode(400).end("not as LTI has it: " + request.query());
      return;
    }
    html(request, """
      <form id="launch" method="post" action="%s">
        <input type="hidden" name="state" value="%s"><input type="hidden" name="id_token" value="%s">
      </form><script>document.getElementById("launch").submit()</script>
      """.formatted(request.getParam("redirect_uri"), request.getParam("state"),
        signer.token(claims.apply(claims(request)))));
  }

  private JsonObject claims(HttpServerRequest request) {
    long now = Instant.now().getEpochSecond();
    String user = request.getParam("login_hint");
    return new JsonObject().put("iss", issuer()).put("aud", CLIENT).put("sub", user)
      .put("nonce", request.getParam("nonce")).put("iat", now).put("exp", now + 300)
      .put(CLAIM + "version", "1.3.0").put(CLAIM + "message_type", "LtiResourceLinkRequest")
      .put(CLAIM + "deployment_id", DEPLOYMENT).put(CLAIM + "target_link_uri", tool + "/u/" + user + "/")
      .put(CLAIM + "resource_link", new JsonObject().put("id", "link-1"))
      .put(CLAIM + "context", new JsonObject().put("id", "course-7b"))
      .put(CLAIM + "roles", new JsonArray().add(MEMBERSHIP + "Learner"));
  }

  private static void html(HttpServerRequest request, String page) {
    request.response().putHeader("Content-Type", "text/html").end("<!doctype html>" + page);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    done(server.close());
  }
}
