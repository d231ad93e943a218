package io.anteroom.queueapi.request;

import io.vertx.core.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A named value of a JSON object with its byte offsets, so that it can be forwarded as raw JSON text.
 *
 * @param text       reads the text at these offsets; absent if the text was not kept
 * @param name       with its escapes resolved
 * @param ofStrings  whether it is a list of strings only
 * @param start      start of its name
 * @param valueStart start of its value
 * @param end        end of its value
 * @param members    of an object, those that {@link StrictJsonParser} keeps
 */
public record JsonMember(
    Optional<Text> text, String name, Kind kind, boolean ofStrings, long start, long valueStart, long end,
    List<JsonMember> members) {

  /** The type of a value, and its description if its text was not kept. */
  public enum Kind {
    OBJECT("an object"),
    LIST("a list"),
    STRING("a text"),
    NUMBER("a number"),
    TRUE("true"),
    FALSE("false"),
    NULL("null");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** The text in a range. */
  interface Text {
    String between(long from, long to);
  }

  /** Name and value as the client wrote them. */
  public String raw() {
    return text.orElseThrow().between(start, end);
  }

  /** The value as the client wrote it, or its description if its text was not kept. */
  public String rawValue() {
    return text.map(kept -> kept.between(valueStart, end)).orElse(kind.words);
  }

  public boolean isKept() {
    return text.isPresent();
  }

  /** The value of a string. */
  public String string() {
    return (String) Json.decodeValue(rawValue());
  }

  public boolean isObject() {
    return kind == Kind.OBJECT;
  }

  public boolean isNull() {
    return kind == Kind.NULL;
  }

  public boolean isString() {
    return kind == Kind.STRING;
  }

  public boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  /** The member of this name; one that is {@code null} counts as absent. */
  public Optional<JsonMember> member(String wanted) {
    return members.stream().filter(member -> member.name.equals(wanted) && !member.isNull()).findFirst();
  }
}
