package io.anteroom.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON so strictly that every reader behind us finds the same in it: no name twice, nothing after the end, no
 * number that Python takes for infinity.
 *
 * <p>Says where the values of the upper levels stand instead of copying them; what lies deeper is checked and passed.
 */
final class StrictJson {
  /** Real workflows stay under 30; Python's own reader gives up at about 1000. */
  static final int MOST_LEVELS = 200;
  /** Names cost memory while they are looked at; the largest workflows seen have some ten thousand. */
  static final int MOST_NAMES = 1_000_000;

  /** Of these it is noted where they stand; three or four are a workflow node. */
  static final int MAX_MEMBERS = 100_000;

  /** On top, in {@code prompt} and {@code extra_data}, in a workflow node and {@code extra_pnginfo}. */
  private static final int KEPT_LEVELS = 3;
  /** Fewer digits than any number that is too large for a double. */
  private static final int CERTAINLY_FINITE = 300;

  private static final JsonFactory JSON = new JsonFactoryBuilder()
    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
    // Names come from strangers: none may stay in a table of the JVM, or fill one on purpose.
    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
    .streamReadConstraints(StreamReadConstraints.builder()
      .maxNestingDepth(MOST_LEVELS)
      .maxStringLength(Integer.MAX_VALUE)
      .build())
    .build();

  private final String text;
  private final JsonParser parser;
  private int names;
  private int members;

  private StrictJson(String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** The one value in {@code text}, as a member without a name. */
  static Member read(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      return new StrictJson(text, parser).whole();
    } catch (StreamConstraintsException tooMuch) {
      throw ApiRefusals.tooIntricate(tooMuch.getLocation());
    } catch (JsonProcessingException broken) {
      throw ApiRefusals.notJson(broken.getLocation(), broken.getOriginalMessage());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private Member whole() throws IOException {
    if (next() == null) {
      throw ApiRefusals.notJson(parser.currentLocation(), "there is nothing");
    }
    Member root = value("", offset(), KEPT_LEVELS);
    if (parser.nextToken() != null) {
      throw ApiRefusals.notJson(parser.currentTokenLocation(), "more follows after the end of the value");
    }
    return root;
  }

  private Member value(String name, int start, int levels) throws IOException {
    JsonToken kind = parser.currentToken();
    int valueStart = offset();
    List<Member> members = kind == JsonToken.START_OBJECT && levels > 0 ? members(levels - 1) : List.of();
    boolean ofStrings = parser.currentToken().isStructStart() && pass() && kind == JsonToken.START_ARRAY;
    parser.finishToken();
    int end = (int) parser.currentLocation().getCharOffset();
    return new Member(text, name, kind, ofStrings, start, valueStart, end, members);
  }

  private List<Member> members(int levels) throws IOException {
    List<Member> found = new ArrayList<>();
    while (next() == JsonToken.FIELD_NAME) {
      if (++members > MAX_MEMBERS) {
        throw ApiRefusals.tooManyMembers(parser.currentTokenLocation());
      }
      String name = parser.currentName();
      int start = offset();
      next();
      found.add(value(name, start, levels));
    }
    return found;
  }

  /** Goes to the end of the list or object that has just begun; whether it holds nothing but strings. */
  private boolean pass() throws IOException {
    boolean strings = true;
    for (int open = 1; open > 0;) {
      JsonToken token = next();
      strings &= open > 1 || token == JsonToken.VALUE_STRING || token == JsonToken.END_ARRAY;
      open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
    return strings;
  }

  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.FIELD_NAME && ++names > MOST_NAMES) {
      throw ApiRefusals.tooIntricate(parser.currentTokenLocation());
    }
    if (token != null && token.isNumeric() && isInfinite(token)) {
      throw ApiRefusals.infinite(parser.getText(), parser.currentTokenLocation());
    }
    return token;
  }

  private boolean isInfinite(JsonToken token) throws IOException {
    return (token == JsonToken.VALUE_NUMBER_FLOAT || parser.getTextLength() > CERTAINLY_FINITE)
      && Double.isInfinite(Double.parseDouble(parser.getText()));
  }

  private int offset() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }
}
