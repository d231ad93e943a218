package io.anteroom.comfy.objectinfo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses {@code /object_info} in one pass. Declarations stay text, since a workflow needs ten of a thousand classes.
 *
 * <p>An unknown shape is left out if that makes validation more lenient; otherwise parsing fails.
 */
final class ObjectInfoParser {
  private static final int MAX_CLASSES = 50_000;
  private static final int MAX_OUTPUTS = 1_000;

  private final String text;
  private final JsonParser parser;

  private ObjectInfoParser(String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** The classes by name; fails with a {@link ComfyException} if it is not ComfyUI's. */
  static Map<String, NodeClass> read(Buffer answer) {
    String text = answer.toString();
    try (JsonParser parser = PythonJson.FACTORY.createParser(text)) {
      return new ObjectInfoParser(text, parser).classes();
    } catch (IOException broken) {
      throw new ComfyException("its /object_info cannot be read: " + broken.getMessage());
    }
  }

  private Map<String, NodeClass> classes() throws IOException {
    Map<String, NodeClass> classes = new HashMap<>();
    expect(parser.nextToken() == JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      expect(parser.nextToken() == JsonToken.START_OBJECT && classes.size() < MAX_CLASSES);
      classes.put(name, nodeClass(name));
    }
    expect(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
    return Map.copyOf(classes);
  }

  private NodeClass nodeClass(String name) throws IOException {
    String module = "";
    boolean isOutput = false;
    List<String> outputs = List.of();
    String inputs = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String part = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (part) {
        case "python_module" -> module = value == JsonToken.VALUE_STRING ? parser.getText() : skipped(module);
        case "output_node" -> isOutput = value == JsonToken.VALUE_TRUE || skipped(false);
        case "output" -> outputs = value == JsonToken.START_ARRAY ? types() : skipped(outputs);
        case "input" -> inputs = value == JsonToken.START_OBJECT ? slice() : skipped(inputs);
        default -> parser.skipChildren();
      }
    }
    return new NodeClass(name, module, isOutput, outputs, inputs);
  }

  private List<String> types() throws IOException {
    List<String> types = new ArrayList<>();
    for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      expect(token != null && types.size() < MAX_OUTPUTS);
      types.add(token == JsonToken.VALUE_STRING ? parser.getText() : NodeClass.ANY);
      parser.skipChildren();
    }
    return List.copyOf(types);
  }

  private String slice() throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getCharOffset();
    return text.substring(start, end);
  }

  private <T> T skipped(T otherwise) throws IOException {
    parser.skipChildren();
    return otherwise;
  }

  private static void expect(boolean known) {
    if (!known) {
      throw new ComfyException("its /object_info is not what ComfyUI answers");
    }
  }
}
