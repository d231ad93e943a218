package io.anteroom.comfy.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.anteroom.comfy.ComfyException;
import io.anteroom.comfy.ComfyProtocol;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds where the items stand in {@code GET /queue} and {@code GET /history}; builds nothing of what they hold. */
public final class ListReader {
  private final Buffer text;
  private final JsonParser parser;
  private String id = "";
  private int numberFrom;
  private int numberTo;

  private ListReader(Buffer text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** The items of a queue, running ones first. */
  public static List<Listed> queue(Buffer text) {
    return read(text, ListReader::queueItems);
  }

  /** The entries of a history, in its order. */
  public static List<Listed> history(Buffer text) {
    return read(text, ListReader::entries);
  }

  /** What is read of a text. */
  private interface Reading {
    List<Listed> of(ListReader reader) throws IOException;
  }

  private static List<Listed> read(Buffer text, Reading reading) {
    try (JsonParser parser = ByteOffsetParser.of(text)) {
      return reading.of(new ListReader(text, parser));
    } catch (IOException broken) {
      throw new ComfyException("its list is not as ComfyUI writes it");
    }
  }

  private List<Listed> queueItems() throws IOException {
    List<Listed> items = new ArrayList<>();
    expect(JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean running = ComfyProtocol.RUNNING.equals(parser.currentName());
      expect(JsonToken.START_ARRAY);
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        int start = offset();
        readTuple();
        items.add(item(start, running));
      }
    }
    return items;
  }

  private List<Listed> entries() throws IOException {
    List<Listed> items = new ArrayList<>();
    expect(JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      expect(JsonToken.START_OBJECT);
      int start = offset();
      readEntry();
      if (name.equals(id)) {
        items.add(item(start, false));
      }
    }
    return items;
  }

  private void readEntry() throws IOException {
    id = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isTuple = ComfyProtocol.TUPLE.equals(parser.currentName());
      if (parser.nextToken() == JsonToken.START_ARRAY && isTuple) {
        readTuple();
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Reads {@code [number, id, …]} to its end. */
  private void readTuple() throws IOException {
    JsonToken first = parser.nextToken();
    numberFrom = offset();
    parser.skipChildren();
    parser.finishToken();
    numberTo = (int) parser.currentLocation().getByteOffset();
    JsonToken second = first == JsonToken.END_ARRAY ? first : parser.nextToken();
    id = second == JsonToken.VALUE_STRING ? parser.getText() : "";
    while (parser.currentToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
      parser.skipChildren();
      parser.nextToken();
    }
  }

  /** The item that begins there and ends with the token just read. */
  private Listed item(int start, boolean running) {
    int end = (int) parser.currentLocation().getByteOffset();
    return new Listed(id, running, text.slice(start, end), numberFrom - start, numberTo - start);
  }

  private int offset() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private void expect(JsonToken token) throws IOException {
    if (parser.nextToken() != token) {
      throw new ComfyException("its list is not as ComfyUI writes it");
    }
  }
}
