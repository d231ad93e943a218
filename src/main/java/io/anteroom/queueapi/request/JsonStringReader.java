package io.anteroom.queueapi.request;

import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads JSON strings in pieces; keeps only names, and those only up to a maximum length. */
final class JsonStringReader {
  /** Each character of a name may be an escape of six bytes. */
  private static final int MAX_BYTES_OF_NAME = 6 * StrictJsonParser.MAX_NAME;
  private static final int HEX_DIGITS = 4;

  private final TextPosition position;
  private byte[] name = new byte[64];
  private int length;
  private boolean isName;
  private boolean hasEscapes;
  private boolean isEnded;
  private boolean isEscaped;
  private int hexDigits;
  /** In a multi-byte character: how many bytes follow, and the bounds of the next one. */
  private int following;
  private int min;
  private int max;

  JsonStringReader(TextPosition position) {
    this.position = position;
  }

  /** Starts a string, after its opening quote. */
  void begin(boolean asName) {
    isName = asName;
    isEnded = false;
    hasEscapes = false;
    length = 0;
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Continues at this index of the piece; returns where it stopped: after the closing quote, or at its end. */
  int read(byte[] piece, int from, int to) {
    int at = from;
    while (at < to && !isEnded) {
      take(piece[at], at);
      at++;
    }
    if (isName) {
      keep(piece, from, isEnded ? at - 1 : at);
    }
    return at;
  }

  /** The name that has been read. */
  String name() {
    String raw = new String(name, 0, length, StandardCharsets.UTF_8);
    return hasEscapes ? (String) Json.decodeValue('"' + raw + '"') : raw;
  }

  private void take(byte next, int at) {
    if (following > 0) {
      continueCharacter(next & 0xFF, at);
    } else if (hexDigits > 0) {
      hexDigits = Character.digit(next, 16) >= 0 ? hexDigits - 1 : broken(at, "an escape \\u without four digits");
    } else if (isEscaped) {
      escape(next, at);
    } else if (next == '"') {
      isEnded = true;
    } else if (next == '\\') {
      isEscaped = true;
      hasEscapes = true;
    } else if (next < 0) {
      beginCharacter(next & 0xFF, at);
    } else if (next < ' ') {
      broken(at, "control character in a string");
    }
  }

  private void escape(byte next, int at) {
    isEscaped = false;
    switch (next) {
      case 'u' -> hexDigits = HEX_DIGITS;
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> { }
      default -> broken(at, "unknown escape \\" + (char) (next & 0xFF));
    }
  }

  private void beginCharacter(int lead, int at) {
    min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    following = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4) {
      position.moveTo(at);
      throw SubmissionErrors.notUtf8();
    }
  }

  private void continueCharacter(int next, int at) {
    if (next < min || next > max) {
      position.moveTo(at);
      throw SubmissionErrors.notUtf8();
    }
    following--;
    min = 0x80;
    max = 0xBF;
  }

  private void keep(byte[] piece, int from, int to) {
    int longer = length + to - from;
    if (longer > MAX_BYTES_OF_NAME) {
      throw SubmissionErrors.tooIntricate(position.moveTo(from));
    }
    if (longer > name.length) {
      name = Arrays.copyOf(name, Math.max(longer, name.length * 2));
    }
    System.arraycopy(piece, from, name, length, to - from);
    length = longer;
  }

  private int broken(int at, String why) {
    throw SubmissionErrors.notJson(position.moveTo(at), why);
  }
}
