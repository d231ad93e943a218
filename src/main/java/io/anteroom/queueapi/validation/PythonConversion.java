package io.anteroom.queueapi.validation;

import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads and writes numbers and strings as Python does, if that is certain; otherwise throws a {@link Doubt}. */
final class PythonConversion {
  /** Python refuses more digits. */
  private static final int MAX_DIGITS = 4_000;
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+(_[0-9]+)*");
  private static final Pattern FLOAT = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?");
  /** A superset of what Python accepts as a number. */
  private static final Pattern PERHAPS_FLOAT =
    Pattern.compile("[+-]?(nan|inf|infinity|[0-9_.]+(e[+-]?[0-9_]*)?)");
  private static final int MAX_PLAIN = 16;
  private static final int MIN_PLAIN = -4;
  private static final int MAX_PRECISION = 17;

  private PythonConversion() {
  }

  /** {@code repr} of a text. */
  static String repr(String text) {
    if (!text.chars().allMatch(PythonConversion::isPlain)) {
      throw new Doubt();
    }
    String quote = text.contains("'") && !text.contains("\"") ? "\"" : "'";
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote;
  }

  /** {@code repr} of a list of texts. */
  static String repr(List<String> texts) {
    return texts.stream().map(PythonConversion::repr).collect(Collectors.joining(", ", "[", "]"));
  }

  /** {@code str} of a number that is an {@link BigInteger} or a {@link Double}. */
  static String str(Number number) {
    return number instanceof Double real ? str(real.doubleValue()) : number.toString();
  }

  /** {@code int} of a text; fails with a {@link PythonError} if it is not one. */
  static BigInteger toInt(String text) {
    String bare = stripped(text);
    if (!INTEGER.matcher(bare).matches()) {
      throw new PythonError("ValueError", "invalid literal for int() with base 10: " + repr(text));
    }
    if (bare.length() > MAX_DIGITS) {
      throw new Doubt();
    }
    return new BigInteger(bare.replace("_", ""));
  }

  /** {@code float} of a text; fails with a {@link PythonError} if it is not one. */
  static double toFloat(String text) {
    String bare = stripped(text).toLowerCase(Locale.ROOT);
    if (!PERHAPS_FLOAT.matcher(bare).matches()) {
      throw new PythonError("ValueError", "could not convert string to float: " + repr(text));
    }
    if (!FLOAT.matcher(bare).matches() || bare.length() > MAX_DIGITS) {
      throw new Doubt();
    }
    return Double.parseDouble(bare);
  }

  /** Strips white space; only the simplest kinds are certain. */
  private static String stripped(String text) {
    repr(text);
    return text.strip();
  }

  /** Characters that every version of Python prints unescaped: ASCII and the common Chinese ones. */
  private static boolean isPlain(int character) {
    return character >= ' ' && character <= '~' || character >= 0x4E00 && character <= 0x9FA5;
  }

  private static String str(double real) {
    if (!Double.isFinite(real)) {
      throw new Doubt();
    }
    if (real == 0) {
      return 1 / real < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(real);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= MIN_PLAIN && exponent < MAX_PLAIN) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = shortest.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%s%se%s%02d".formatted(real < 0 ? "-" : "", digits.charAt(0), fraction, exponent < 0 ? "-" : "+",
      Math.abs(exponent));
  }

  /** The fewest digits that parse to the same number; {@link Double#toString} gives more on older Java. */
  private static BigDecimal shortest(double real) {
    BigDecimal exact = new BigDecimal(real);
    return IntStream.range(1, MAX_PRECISION)
      .mapToObj(digits -> Stream.of(RoundingMode.FLOOR, RoundingMode.CEILING)
        .map(mode -> exact.round(new MathContext(digits, mode)))
        .filter(rounded -> rounded.doubleValue() == real)
        .min(Comparator.comparing(rounded -> rounded.subtract(exact).abs())))
      .flatMap(Optional::stream)
      .findFirst()
      .orElseGet(() -> exact.round(new MathContext(MAX_PRECISION, RoundingMode.HALF_EVEN)))
      .stripTrailingZeros();
  }

  /** An exception that an instance's Python would certainly raise, and report as an error of the workflow. */
  static final class PythonError extends RuntimeException {
    private final String type;

    PythonError(String type, String message) {
      super(message, null, false, false);
      this.type = type;
    }

    /** A missing key, as Python prints it. */
    static PythonError key(String key) {
      return new PythonError("KeyError", PythonConversion.repr(key));
    }

    /** The name of its Python class. */
    String type() {
      return type;
    }
  }
}
