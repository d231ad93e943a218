package io.anteroom.support.redis;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request or answer of Redis as it stands on the line.
 *
 * @param bytes all of it
 * @param texts the first two texts in it: of a script's request {@code EVALSHA} and the script
 */
record RespFrame(byte[] bytes, List<String> texts) {

  /** The next one; throws {@link EOFException} when the line has ended. */
  static RespFrame read(InputStream in) throws IOException {
    Reader reader = new Reader(in);
    reader.first();
    return new RespFrame(reader.bytes.toByteArray(), reader.texts);
  }

  boolean isError() {
    return bytes[0] == '-';
  }

  boolean isNothing() {
    return bytes[0] == '_' || bytes.length > 2 && bytes[1] == '-' && bytes[2] == '1' && !isError();
  }

  private static final class Reader {
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<String> texts = new ArrayList<>();

    private Reader(InputStream in) {
      this.in = in;
    }

    /** Empty lines in front of it say nothing; Redis skips them too. */
    private void first() throws IOException {
      String line = line();
      while (line.isEmpty()) {
        line = line();
      }
      value(line);
    }

    private void value(String line) throws IOException {
      switch (line.charAt(0)) {
        case '$', '=', '!' -> text(Integer.parseInt(line.substring(1)));
        case '*', '~', '>' -> values(Integer.parseInt(line.substring(1)));
        case '%' -> values(2 * Integer.parseInt(line.substring(1)));
        default -> { }
      }
    }

    private void values(int count) throws IOException {
      for (int index = 0; index < count; index++) {
        value(line());
      }
    }

    private void text(int length) throws IOException {
      if (length < 0) {
        return;
      }
      byte[] text = in.readNBytes(length + 2);
      if (text.length < length + 2) {
        throw new EOFException();
      }
      bytes.write(text);
      if (texts.size() < 2) {
        texts.add(new String(text, 0, length, StandardCharsets.UTF_8));
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int last = 0; last != '\n'; line.append((char) last)) {
        last = in.read();
        if (last < 0) {
          throw new EOFException();
        }
        bytes.write(last);
      }
      return line.toString().strip();
    }
  }
}
