package io.anteroom.queueapi.validation;

import io.anteroom.queueapi.validation.PythonConversion.PythonError;
import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Validates the literal value of an input: its type, and unless its class does, its bounds or choices.
 *
 * <p>Only if both the result and its wording are certain. A number among choices is left to the instance, since
 * releases quote it differently, and so is everything except strings, numbers and booleans.
 */
final class InputValidator {
  private static final int MAX_QUOTED_LIST = 20;
  private static final String CHOICE = "COMBO";
  private static final String CHOICES = "options";
  /** Options with which choices come from elsewhere, or several are allowed. */
  private static final Set<String> OTHER_CHOICES = Set.of("remote", "remote_combo", "multiselect", "multi_select");

  private final InputSpec input;
  private final Object value;

  private InputValidator(InputSpec input, Object value) {
    this.input = input;
    this.value = value;
  }

  /** The certain error, if any. {@code thorough}: including bounds and choices. */
  static Optional<JsonObject> error(InputSpec input, Object value, boolean thorough) {
    try {
      return new InputValidator(input, value).error(thorough);
    } catch (Doubt uncertain) {
      return Optional.empty();
    }
  }

  private Optional<JsonObject> error(boolean thorough) {
    if (input.is("INT") || input.is("FLOAT")) {
      return number(thorough);
    }
    return thorough ? choices().flatMap(this::choice) : Optional.empty();
  }

  private Optional<JsonObject> number(boolean thorough) {
    Number converted;
    try {
      converted = input.is("INT") ? toInt() : toFloat();
    } catch (PythonError error) {
      return Optional.of(NodeErrors.wrongType(input, (String) value, error));
    }
    return thorough ? range(converted) : Optional.empty();
  }

  private BigInteger toInt() {
    if (value instanceof Boolean flag) {
      return flag ? BigInteger.ONE : BigInteger.ZERO;
    }
    if (value instanceof Number number) {
      return exact(number).toBigInteger();
    }
    return value instanceof String text ? PythonConversion.toInt(text) : Doubt.raise();
  }

  private Double toFloat() {
    if (value instanceof Boolean flag) {
      return flag ? 1.0 : 0.0;
    }
    if (value instanceof Number number) {
      return finite(number.doubleValue());
    }
    return value instanceof String text ? finite(PythonConversion.toFloat(text)) : Doubt.raise();
  }

  private static double finite(double real) {
    return Double.isFinite(real) ? real : Doubt.<Double>raise();
  }

  private Optional<JsonObject> range(Number converted) {
    Optional<Number> least = bound("min");
    if (least.isPresent() && exact(converted).compareTo(exact(least.get())) < 0) {
      return Optional.of(NodeErrors.tooSmall(input, converted, least.get()));
    }
    return bound("max").filter(max -> exact(converted).compareTo(exact(max)) > 0)
      .map(max -> NodeErrors.tooBig(input, converted, max));
  }

  private Optional<Number> bound(String name) {
    if (!input.options().containsKey(name)) {
      return Optional.empty();
    }
    if (!(input.options().getValue(name) instanceof Number bound)) {
      throw new Doubt();
    }
    return Optional.of(bound instanceof Double real ? (Number) finite(real) : exact(bound).toBigInteger());
  }

  private static BigDecimal exact(Number number) {
    if (number instanceof Double real) {
      return new BigDecimal(finite(real));
    }
    return number instanceof BigInteger whole ? new BigDecimal(whole) : BigDecimal.valueOf(number.longValue());
  }

  private Optional<JsonArray> choices() {
    if (OTHER_CHOICES.stream().anyMatch(input.options()::containsKey)) {
      return Optional.empty();
    }
    Object list = input.is(CHOICE) ? input.options().getValue(CHOICES) : input.type();
    return list instanceof JsonArray all && all.stream().allMatch(String.class::isInstance)
      ? Optional.of(all) : Optional.empty();
  }

  private Optional<JsonObject> choice(JsonArray choices) {
    if (!(value instanceof String text) || choices.contains(text)) {
      return Optional.empty();
    }
    boolean isLong = choices.size() > MAX_QUOTED_LIST;
    List<String> texts = isLong ? List.of() : choices.stream().map(String.class::cast).toList();
    String list = isLong ? "(list of length %d)".formatted(choices.size()) : PythonConversion.repr(texts);
    return Optional.of(NodeErrors.notInList(input, text, list, isLong));
  }
}
