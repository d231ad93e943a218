package io.anteroom.edge.auth.password;

import io.anteroom.identity.Sha256;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What is kept of a password that a user has chosen, or of the code that an admin without one was given.
 *
 * @param by the SHA-256 of the line in the file of passwords that it replaces
 */
record Chosen(PasswordHash hash, boolean isCode, String by) {

  /** Made in place of this line; empty when the file has none for the user. */
  static Chosen inPlaceOf(String line, PasswordHash hash, boolean isCode) {
    return new Chosen(hash, isCode, sha256(line));
  }

  boolean wasChosenBy(String line) {
    return by.equals(sha256(line));
  }

  String encode() {
    return new JsonObject().put("hash", hash.toString()).put("code", isCode).put("by", by).encode();
  }

  static Optional<Chosen> decode(String text) {
    try {
      JsonObject json = new JsonObject(text);
      return PasswordHash.parse(json.getString("hash", ""))
        .map(hash -> new Chosen(hash, json.getBoolean("code", false), json.getString("by", "")));
    } catch (DecodeException | ClassCastException broken) {
      return Optional.empty();
    }
  }

  private static String sha256(String line) {
    return HexFormat.of().formatHex(Sha256.of(line));
  }
}
