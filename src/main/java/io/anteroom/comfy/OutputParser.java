package io.anteroom.comfy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.anteroom.comfy.json.ByteOffsetParser;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Finds the output files of all runs in {@code GET /history}, without building their graphs. */
public final class OutputParser {
  private static final String OUTPUTS = "outputs";

  private final JsonParser parser;
  private final Set<OutputFile> files = new LinkedHashSet<>();

  private OutputParser(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * An output file.
   *
   * @param folder    {@code output}, {@code temp} or {@code input}
   * @param subfolder subfolder; empty for the folder itself
   */
  public record OutputFile(String folder, String subfolder, String name) {
  }

  /** The files in the order in which the history names them, each once. */
  public static Set<OutputFile> files(Buffer history) {
    try (JsonParser parser = ByteOffsetParser.of(history)) {
      OutputParser reader = new OutputParser(parser);
      reader.readEntries();
      return reader.files;
    } catch (IOException broken) {
      throw new ComfyException("its history is not as ComfyUI writes it");
    }
  }

  private void readEntries() throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      parser.nextToken();
      readEntry();
    }
  }

  private void readEntry() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isOutputs = OUTPUTS.equals(parser.currentName());
      JsonToken value = parser.nextToken();
      if (isOutputs && value == JsonToken.START_OBJECT) {
        readOutputs();
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Reads to the end of the outputs: a node's lists may have any name and depth. */
  private void readOutputs() throws IOException {
    int depth = 1;
    Map<String, String> texts = new HashMap<>();
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return;
      }
      if (token.isStructStart()) {
        depth++;
        texts.clear();
      } else if (token.isStructEnd()) {
        depth--;
        addFile(texts);
        texts.clear();
      } else if (token == JsonToken.VALUE_STRING && parser.currentName() != null) {
        texts.put(parser.currentName(), parser.getText());
      }
    }
  }

  private void addFile(Map<String, String> texts) {
    if (texts.containsKey("filename") && texts.containsKey("type")) {
      files.add(new OutputFile(texts.get("type"), texts.getOrDefault("subfolder", ""), texts.get("filename")));
    }
  }
}
