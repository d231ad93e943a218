package io.anteroom.edge.auth;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads the {@code Authorization} header, which programs send, and browsers only when challenged. */
public final class AuthorizationHeader {
  public static final String BASIC = "Basic ";
  public static final String BEARER = "Bearer ";

  private AuthorizationHeader() {
  }

  /** Whether a request carries credentials here. */
  public static boolean isIn(HttpServerRequest request) {
    return has(request, BASIC) || has(request, BEARER);
  }

  /** Whether there are credentials of this scheme. */
  public static boolean has(HttpServerRequest request, String scheme) {
    return !all(request, scheme).isEmpty();
  }

  /** The only credentials of this scheme; empty when there are several. */
  public static Optional<String> of(HttpServerRequest request, String scheme) {
    return Optional.of(all(request, scheme)).filter(all -> all.size() == 1).map(all -> all.get(0));
  }

  private static List<String> all(HttpServerRequest request, String scheme) {
    return request.headers().getAll(HttpHeaders.AUTHORIZATION).stream()
      .filter(value -> value.regionMatches(true, 0, scheme, 0, scheme.length()))
      .map(value -> value.substring(scheme.length()).strip()).toList();
  }

  /** Decodes text whose encoding is not declared: as UTF-8 where that is valid, else as Latin-1, once HTTP's own. */
  public static final class SentText {
    private SentText() {
    }

    public static String of(byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException otherEncoding) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
      }
    }

    /** The text of a header's value, in which each character stands for one byte received. */
    static String ofHeader(String value) {
      return of(value.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
