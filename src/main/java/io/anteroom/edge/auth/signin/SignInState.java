package io.anteroom.edge.auth.signin;

import io.vertx.core.json.JsonObject;

/**
 * The OAuth or LTI state that is kept while a browser is redirected to the identity provider.
 *
 * @param browser  the hash of the browser's state cookie
 * @param nonce    that its token must contain, so that no other one is accepted
 * @param verifier the PKCE code verifier; empty where it is not used
 * @param next     where the browser wants to go
 */
public record SignInState(String browser, String nonce, String verifier, String next) {

  String encode() {
    return new JsonObject().put("browser", browser).put("nonce", nonce).put("verifier", verifier).put("next", next)
      .encode();
  }

  static SignInState decode(String text) {
    JsonObject json = new JsonObject(text);
    return new SignInState(json.getString("browser"), json.getString("nonce"), json.getString("verifier"),
      json.getString("next"));
  }
}
