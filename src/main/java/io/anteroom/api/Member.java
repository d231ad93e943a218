package io.anteroom.api;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A named value of a JSON object and where it stands in the text, so that it can be passed on letter for letter.
 *
 * @param name       with its escapes resolved
 * @param kind       its first token
 * @param ofStrings  whether it is a list that holds nothing but strings
 * @param start      where its name begins
 * @param valueStart where its value begins
 * @param end        behind its value
 * @param members    of an object, as far as {@link StrictJson} keeps them
 */
record Member(
    String text, String name, JsonToken kind, boolean ofStrings, int start, int valueStart, int end,
    List<Member> members) {

  /** Name and value as the client wrote them. */
  String raw() {
    return text.substring(start, end);
  }

  /** The value as the client wrote it. */
  String rawValue() {
    return text.substring(valueStart, end);
  }

  /** The value of a string. */
  String string() {
    return (String) Json.decodeValue(rawValue());
  }

  boolean isObject() {
    return kind == JsonToken.START_OBJECT;
  }

  boolean isNull() {
    return kind == JsonToken.VALUE_NULL;
  }

  boolean isString() {
    return kind == JsonToken.VALUE_STRING;
  }

  boolean isNumber() {
    return kind.isNumeric();
  }

  /** The member of this name; one that is {@code null} counts as absent. */
  Optional<Member> member(String wanted) {
    return members.stream().filter(member -> member.name.equals(wanted) && !member.isNull()).findFirst();
  }
}
