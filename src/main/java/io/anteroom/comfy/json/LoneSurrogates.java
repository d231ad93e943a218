package io.anteroom.comfy.json;

import io.vertx.core.buffer.Buffer;
import java.io.InputStream;

/**
 * Replaces escaped lone surrogates, which Python accepts and Jackson rejects in names, by U+FFFD, which is as long. For
 * one text, in pieces.
 */
final class LoneSurrogates {
  private static final int ESCAPE = 6;
  private static final byte[] REPLACEMENT = {'f', 'f', 'f', 'd'};

  private boolean inString;

  /** A stream of the text without any, replaced while it is read; into buffers with room for an escape. */
  static InputStream without(Buffer text) {
    return new Text(text);
  }

  /**
   * Replaces those in a range.
   *
   * @param last whether nothing follows
   * @return the end of what was processed; the rest must be passed again with more text after it
   */
  int replace(byte[] text, int from, int to, boolean last) {
    for (int at = from; at < to; at++) {
      if (text[at] == '"') {
        inString = !inString;
      } else if (inString && text[at] == '\\') {
        int length = lengthOfEscape(text, at, to);
        if (at + length > to && !last) {
          return at;
        }
        if (length == ESCAPE && at + length <= to && isSurrogate(text, at)) {
          System.arraycopy(REPLACEMENT, 0, text, at + 2, REPLACEMENT.length);
        }
        at += length - 1;
      }
    }
    return to;
  }

  /** That of both escapes for a pair, including missing bytes. */
  private static int lengthOfEscape(byte[] text, int at, int to) {
    if (at + 1 < to && text[at + 1] != 'u') {
      return 2;
    }
    boolean isHigh = at + ESCAPE <= to && isSurrogate(text, at) && !isLow(text, at);
    int next = at + ESCAPE;
    boolean isPair = isHigh && (next + ESCAPE > to
      || text[next] == '\\' && text[next + 1] == 'u' && isSurrogate(text, next) && isLow(text, next));
    return isPair ? 2 * ESCAPE : ESCAPE;
  }

  private static boolean isSurrogate(byte[] text, int at) {
    return (text[at + 2] | 0x20) == 'd' && Character.digit(text[at + 3], 16) >= 8;
  }

  private static boolean isLow(byte[] text, int at) {
    return Character.digit(text[at + 3], 16) >= 12;
  }

  /** The bytes of a text without lone surrogates in its strings. */
  private static final class Text extends InputStream {
    private final Buffer text;
    private final LoneSurrogates surrogates = new LoneSurrogates();
    private int at;

    private Text(Buffer text) {
      this.text = text;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int max) {
      int length = Math.min(max, text.length() - at);
      if (length <= 0) {
        return -1;
      }
      text.getBytes(at, at + length, into, from);
      boolean isLast = at + length == text.length();
      int decided = surrogates.replace(into, from, from + length, isLast) - from;
      at += decided;
      return decided;
    }
  }
}
