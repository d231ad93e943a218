package io.anteroom.comfy.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the offsets of the items in {@code GET /queue} and {@code GET /history}, without building their content. */
public final class RawListParser {
  private final Buffer text;
  private final JsonParser parser;
  private String id = "";
  private int numberFrom;
  private int numberTo;

  private RawListParser(Buffer text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** The items of a queue, running ones first. */
  public static List<Item> queue(Buffer text) {
    return read(text, RawListParser::queueItems);
  }

  /** The entries of a history, in its order. */
  public static List<Item> history(Buffer text) {
    return read(text, RawListParser::entries);
  }

  /** Reads a text. */
  private interface Reading {
    List<Item> of(RawListParser reader) throws IOException;
  }

  private static List<Item> read(Buffer text, Reading reading) {
    try (JsonParser parser = ByteOffsetParser.of(text)) {
      return reading.of(new RawListParser(text, parser));
    } catch (IOException broken) {
      throw new ComfyException("its list is not as ComfyUI writes it");
    }
  }

  private List<Item> queueItems() throws IOException {
    List<Item> items = new ArrayList<>();
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

  private List<Item> entries() throws IOException {
    List<Item> items = new ArrayList<>();
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
  private Item item(int start, boolean running) {
    int end = (int) parser.currentLocation().getByteOffset();
    return new Item(id, running, text.slice(start, end), numberFrom - start, numberTo - start);
  }

  private int offset() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private void expect(JsonToken token) throws IOException {
    if (parser.nextToken() != token) {
      throw new ComfyException("its list is not as ComfyUI writes it");
    }
  }

  /**
   * One item of an instance's queue or history as raw JSON text, so that it can be forwarded unchanged.
   *
   * @param id         of the run
   * @param running    whether it is in the list of running ones; false in a history
   * @param text       the item's JSON
   * @param numberFrom start of its number in the text
   * @param numberTo   end of its number
   */
  public record Item(String id, boolean running, Buffer text, int numberFrom, int numberTo) {

    /** The same item with another number; its text is not copied. */
    public Buffer numbered(long number) {
      CompositeByteBuf numbered = new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, 3);
      return BufferInternal.buffer(numbered.addComponents(true, bytes(text.slice(0, numberFrom)),
        bytes(Buffer.buffer(Long.toString(number))), bytes(text.slice(numberTo, text.length()))));
    }

    private static ByteBuf bytes(Buffer part) {
      return ((BufferInternal) part).getByteBuf();
    }
  }
}
