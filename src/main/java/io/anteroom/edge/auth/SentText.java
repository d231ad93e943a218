package io.anteroom.edge.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text in bytes whose encoding no header tells: UTF-8 where they are that, else Latin-1, which HTTP once had. */
public final class SentText {
  private SentText() {
  }

  public static String of(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException otherEncoding) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** The text of a header's value, each letter of which is one byte as it came. */
  static String ofHeader(String value) {
    return of(value.getBytes(StandardCharsets.ISO_8859_1));
  }
}
