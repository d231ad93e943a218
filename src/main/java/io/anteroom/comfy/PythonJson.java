package io.anteroom.comfy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads JSON as Python writes it, which is more than JSON: {@code NaN} and {@code Infinity} are numbers there. */
public final class PythonJson {
  /** Without a table of names: they come from strangers, and none may stay in the JVM. */
  static final JsonFactory FACTORY = new JsonFactoryBuilder()
    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
    .build();

  private PythonJson() {
  }

  /** The object that the text is; throws a {@link DecodeException} when it is none. */
  public static JsonObject object(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (JacksonCodec.fromParser(parser, Object.class) instanceof JsonObject object) {
        return object;
      }
      throw new DecodeException("not an object");
    } catch (IOException broken) {
      throw new DecodeException(broken.getMessage(), broken);
    }
  }

  /** The values of the object that the text is, each as it stands there; throws a {@link DecodeException} otherwise. */
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
