package io.anteroom.comfy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.JsonEventType;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads a JSON text of any length piece by piece, as Python writes it, and holds none of it: of a long string only the
 * beginning is read.
 */
public final class JsonStream {
  /** Of a string, in bytes; an image in a workflow may have millions. */
  static final int STRING_KEPT = 64 << 10;
  private static final int LONGEST_NUMBER = 64 << 10;
  /** Behind the backslash of an escape. */
  private static final int HEX_DIGITS = 4;

  private static final JsonFactory FACTORY = new JsonFactoryBuilder()
    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
    // Names come from instances: none may stay in a table of the JVM.
    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
    .streamReadConstraints(StreamReadConstraints.builder()
      .maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build())
    .build();

  private final Handler<Event> reader;
  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final LoneSurrogates surrogates = new LoneSurrogates();
  /** An escape that is not there whole. */
  private Buffer undecided = Buffer.buffer();
  private boolean hasValue;
  private boolean inString;
  /** Of the string or number that is read now. */
  private int length;
  private boolean isCut;
  /** How many bytes of an escape are still to come. */
  private int escape;
  private boolean escapeBegins;

  /** @param reader gets what stands in the text, in its order */
  public JsonStream(Handler<Event> reader) {
    this.reader = reader;
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /**
   * A beginning, an end, or a value that is neither list nor object.
   *
   * @param fieldName its name; null in a list
   * @param value     text, number, truth value or null; null of a beginning or an end
   */
  public record Event(JsonEventType type, String fieldName, Object value) {
  }

  /** Reads the next piece; throws a {@link ComfyException} when it is not JSON. */
  public void feed(Buffer piece) {
    feed(undecided.appendBuffer(piece).getBytes(), false);
  }

  private void feed(byte[] bytes, boolean last) {
    try {
      int decided = surrogates.replace(bytes, 0, bytes.length, last);
      undecided = Buffer.buffer().appendBytes(bytes, decided, bytes.length - decided);
      feeder.feedInput(bytes, 0, shorten(bytes, decided));
      readOn();
    } catch (IOException broken) {
      throw notJson(broken.getMessage());
    }
  }

  /** Nothing more comes; throws a {@link ComfyException} when something is missing. */
  public void end() {
    feed(undecided.getBytes(), true);
    try {
      feeder.endOfInput();
      readOn();
    } catch (IOException broken) {
      throw notJson(broken.getMessage());
    }
    if (!hasValue) {
      throw notJson("it is empty");
    }
  }

  private static ComfyException notJson(String cause) {
    return new ComfyException("its answer is not JSON: " + cause.replaceFirst("(?s)\\R.*", ""));
  }

  private void readOn() throws IOException {
    for (JsonToken token = parser.nextToken(); token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      hasValue = true;
      if (token.isStructStart()) {
        reader.handle(new Event(token == JsonToken.START_OBJECT ? JsonEventType.START_OBJECT
          : JsonEventType.START_ARRAY, parser.currentName(), null));
      } else if (token.isStructEnd()) {
        reader.handle(new Event(token == JsonToken.END_OBJECT ? JsonEventType.END_OBJECT
          : JsonEventType.END_ARRAY, null, null));
      } else if (token != JsonToken.FIELD_NAME) {
        reader.handle(new Event(JsonEventType.VALUE, parser.currentName(), value(token)));
      }
    }
  }

  private Object value(JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** A long one is none that a reader here asks for, and takes long to be computed. */
  private Object number() throws IOException {
    return parser.getTextLength() < PythonJson.LONGEST_NUMBER ? parser.getNumberValue() : null;
  }

  /** Moves what is kept to the front; returns how much it is. */
  private int shorten(byte[] bytes, int length) {
    int kept = 0;
    for (int i = 0; i < length; i++) {
      byte next = bytes[i];
      if (inString ? keepsInString(next) : keepsOutside(next)) {
        bytes[kept++] = next;
      }
    }
    return kept;
  }

  private boolean keepsInString(byte next) {
    boolean isWhole = escape == 0;
    if (isWhole && next == '"') {
      inString = false;
      length = 0;
      return true;
    }
    // A string is cut between two characters alone.
    isCut |= length >= STRING_KEPT && isWhole && (next & 0xC0) != 0x80;
    length++;
    if (isWhole) {
      escape = next == '\\' ? 1 : 0;
      escapeBegins = escape > 0;
    } else if (escapeBegins) {
      escape = next == 'u' ? HEX_DIGITS : 0;
      escapeBegins = false;
    } else {
      escape--;
    }
    return !isCut;
  }

  private boolean keepsOutside(byte next) {
    if (next == '"') {
      inString = true;
      isCut = false;
      length = 0;
    } else if (next <= ' ' || next == ',' || next == ':' || next == '[' || next == ']' || next == '{' || next == '}') {
      length = 0;
    } else if (++length > LONGEST_NUMBER) {
      throw notJson("a number in it does not end");
    }
    return true;
  }
}
