package io.anteroom.edge.auth.signin;

import io.vertx.core.json.JsonObject;

/**
 * What is kept of a browser while it is away to be vouched for.
 *
 * @param browser  the hash of the cookie that it got
 * @param nonce    what its token has to say, so that no other one will do
 * @param verifier what proves that it was us who sent it (PKCE); empty where nobody asks
 * @param next     where it wanted to go
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
