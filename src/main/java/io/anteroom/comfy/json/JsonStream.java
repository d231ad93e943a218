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
 * Streaming parser for JSON of any length, as Python writes it. Keeps nothing, and reads only the start of a long
 * string.
 */
public final class JsonStream {
  /** Of a string, in bytes; an image in a workflow may have millions. */
  static final int STRING_KEPT = 64 << 10;
  private static final int MAX_NUMBER_LENGTH = 64 << 10;
  /** After the backslash of an escape. */
  private static final int HEX_DIGITS = 4;

  private static final JsonFactory FACTORY = new JsonFactoryBuilder()
    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
    // Names come from instances: they must not stay in a table of the JVM.
    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
    .streamReadConstraints(StreamReadConstraints.builder()
      .maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build())
    .build();

  private final Handler<Event> reader;
  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final LoneSurrogates surrogates = new LoneSurrogates();
  /** An incomplete escape. */
  private Buffer undecided = Buffer.buffer();
  private boolean hasValue;
  private boolean inString;
  /** Length of the current string or number. */
  private int length;
  private boolean isCut;
  /** How many bytes of an escape are missing. */
  private int escape;
  private boolean escapeBegins;

  /** @param reader gets the events in order */
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

  /** Reads the next piece; throws a {@link ComfyException} if it is not JSON. */
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

  /** Ends the text; throws a {@link ComfyException} if it is incomplete. */
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

  /** Null for a long one: no reader needs it, and parsing it takes long. */
  private Object number() throws IOException {
    return parser.getTextLength() < PythonJson.MAX_DIGITS ? parser.getNumberValue() : null;
  }

  /** Moves the kept bytes to the front; returns their number. */
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
    // A string is cut only between two characters.
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
    } else if (++length > MAX_NUMBER_LENGTH) {
      throw notJson("a number in it does not end");
    }
    return true;
  }
}
