package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Optional;

/** Reads a text that may be a token: short, signed, and asking for nothing unusual. What it says is not proved yet. */
public final class SignedToken {
  /** No cookie and no header can be longer, and no teaching system has as much to say. */
  static final int LONGEST = 16 << 10;

  private static final String UNENCODED = "b64";

  private SignedToken() {
  }

  /**
   * The token; empty for everything else, among it what is not signed ({@code alg: none}), encrypted, or a token
   * within a token.
   */
  public static Optional<SignedJWT> read(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return JWTParser.parse(text) instanceof SignedJWT token && isPlain(token.getHeader())
        ? Optional.of(token) : Optional.empty();
    } catch (ParseException | IllegalArgumentException noToken) {
      return Optional.empty();
    }
  }

  /** A header that wants something understood, of which we know nothing, must not be passed over (RFC 7515, 4.1.11). */
  private static boolean isPlain(JWSHeader header) {
    return header.getCriticalParams() == null && header.getContentType() == null
      && header.getCustomParam(UNENCODED) == null && header.isBase64URLEncodePayload();
  }
}
