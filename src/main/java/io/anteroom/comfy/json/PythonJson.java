package io.anteroom.comfy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes JSON as Python does, which is more than JSON: {@code NaN} and {@code Infinity} are numbers there,
 * integers have thousands of digits, and a lone surrogate is a character.
 */
public final class PythonJson {
  /** Python itself accepts no more than 4,300 digits of an integer. */
  static final int MAX_DIGITS = 10_000;
  /** Memory of a name or a value in addition to its characters. */
  private static final int TOKEN_COST = 64;

  /** Without a table of names: they are untrusted, and must not stay in the JVM. */
  public static final JsonFactory FACTORY = new JsonFactoryBuilder()
    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
    .streamReadConstraints(StreamReadConstraints.builder()
      .maxStringLength(Integer.MAX_VALUE).maxNumberLength(MAX_DIGITS).build())
    // As Python writes, so that lone surrogates survive.
    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
    .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
    .build();

  private PythonJson() {
  }

  /** Parses an object; throws a {@link DecodeException} if it is not one. */
  public static JsonObject object(String text) {
    try {
      return object(FACTORY::createParser, text);
    } catch (DecodeException perhapsInAName) {
      return object(FACTORY::createParser, LoneSurrogates.without(Buffer.buffer(text)));
    }
  }

  /** The same for a long text, whose values count as memory of the account's reader. */
  public static JsonObject object(Buffer text, ResponseBudget.Account account) {
    try {
      account.take(cost(text, stream(text)));
      return object(FACTORY::createParser, stream(text));
    } catch (DecodeException perhapsInAName) {
      account.take(cost(text, LoneSurrogates.without(text)));
      return object(FACTORY::createParser, LoneSurrogates.without(text));
    }
  }

  private static <T> JsonObject object(Opener<T> opener, T text) {
    try (JsonParser parser = opener.open(text)) {
      if (JacksonCodec.fromParser(parser, Object.class) instanceof JsonObject object) {
        return object;
      }
      throw new DecodeException("not an object");
    } catch (IOException broken) {
      throw new DecodeException(broken.getMessage(), broken);
    }
  }

  /** Opens a parser of a text. */
  private interface Opener<T> {
    JsonParser open(T text) throws IOException;
  }

  /** The bytes of a text, without a copy of them. */
  static InputStream stream(Buffer text) {
    return new ByteBufInputStream(((BufferInternal) text).getByteBuf().duplicate());
  }

  /** The approximate memory of the values of a text. */
  private static long cost(Buffer text, InputStream bytes) {
    long tokens = 0;
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    } catch (IOException broken) {
      throw new DecodeException(broken.getMessage(), broken);
    }
    return text.length() + tokens * TOKEN_COST;
  }

  /** The text of an object, as Python would write it. */
  public static String text(JsonObject object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(generator, object);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    if (value instanceof JsonObject object) {
      generator.writeStartObject();
      for (Map.Entry<String, Object> member : object) {
        generator.writeFieldName(member.getKey());
        write(generator, member.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof JsonArray array) {
      generator.writeStartArray();
      for (Object element : array) {
        write(generator, element);
      }
      generator.writeEndArray();
    } else {
      generator.writePOJO(value);
    }
  }

  /** The values of an object, each as raw JSON text; throws a {@link DecodeException} if the text is not an object. */
  public static Map<String, String> members(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new DecodeException("not an object");
      }
      Map<String, String> members = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.finishToken();
        parser.skipChildren();
        members.put(name, text.substring(start, (int) parser.currentLocation().getCharOffset()).strip());
      }
      if (parser.nextToken() != null) {
        throw new DecodeException("something follows the object");
      }
      return members;
    } catch (IOException broken) {
      throw new DecodeException(broken.getMessage(), broken);
    }
  }
}
