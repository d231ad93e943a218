package io.anteroom.queueapi.request;

import io.anteroom.queueapi.request.JsonMember.Kind;
import java.nio.charset.StandardCharsets;

/** Reads unquoted JSON tokens: numbers, and the words that Python accepts as values. */
final class JsonWordReader {
  /** Fewer digits than in any number that is too large for a double. */
  private static final int CERTAINLY_FINITE = 300;

  private final byte[] word = new byte[StrictJsonParser.MAX_DIGITS];
  private int length;

  /** Starts the next token. */
  void begin() {
    length = 0;
  }

  static boolean isPart(byte next) {
    return next >= '0' && next <= '9' || next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z'
      || next == '-' || next == '+' || next == '.';
  }

  /** Adds the next byte; false if it is too long. */
  boolean add(byte next) {
    if (length == word.length) {
      return false;
    }
    word[length++] = next;
    return true;
  }

  /** The kind of the token; throws an error if it is not valid. */
  Kind kind(TextPosition position) {
    if (isNumber()) {
      requireFinite(position);
      return Kind.NUMBER;
    }
    return switch (text()) {
      case "true" -> Kind.TRUE;
      case "false" -> Kind.FALSE;
      case "null" -> Kind.NULL;
      case "NaN", "Infinity", "-Infinity" -> Kind.NUMBER;
      default -> throw SubmissionErrors.notJson(position, "unexpected '%s'".formatted(text()));
    };
  }

  private void requireFinite(TextPosition position) {
    boolean isPlain = length <= CERTAINLY_FINITE;
    for (int at = 0; at < length && isPlain; at++) {
      isPlain = word[at] <= '9' && word[at] != '.';
    }
    if (!isPlain && Double.isInfinite(Double.parseDouble(text()))) {
      throw SubmissionErrors.infinite(text(), position);
    }
  }

  private boolean isNumber() {
    int first = length > 0 && word[0] == '-' ? 1 : 0;
    int at = digits(first);
    if (at == first || word[first] == '0' && at > first + 1) {
      return false;
    }
    if (at < length && word[at] == '.') {
      int fraction = at + 1;
      at = digits(fraction);
      if (at == fraction) {
        return false;
      }
    }
    if (at < length && (word[at] == 'e' || word[at] == 'E')) {
      int exponent = at + 1 < length && (word[at + 1] == '+' || word[at + 1] == '-') ? at + 2 : at + 1;
      at = digits(exponent);
      return at == length && at > exponent;
    }
    return at == length;
  }

  /** The end of the digits that begin here. */
  private int digits(int from) {
    int at = from;
    while (at < length && word[at] >= '0' && word[at] <= '9') {
      at++;
    }
    return at;
  }

  private String text() {
    return new String(word, 0, length, StandardCharsets.US_ASCII);
  }
}
