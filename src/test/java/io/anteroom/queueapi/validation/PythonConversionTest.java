package io.anteroom.queueapi.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.queueapi.validation.PythonConversion.PythonError;
import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each expected text is what Python 3.13 printed. */
class PythonConversionTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "0.1", "1.0", "1e+16", "1.2345678901234568e+17", "1000000000000000.0", "9999999999999998.0", "0.0001", "1e-05",
    "1.5e-07", "5e-324", "1.7976931348623157e+308", "5.684341886080802e-14", "0.30000000000000004", "100.0", "-2.5",
    "1e+22", "1e+23", "-0.0", "0.0", "-1e-05"})
  void floatsArePrintedAsPythonDoes(String printed) {
    assertThat(PythonConversion.str(Double.valueOf(printed))).isEqualTo(printed);
  }

  @Test
  void textsAreQuotedAsPythonDoes() {
    assertThat(PythonConversion.repr("abc")).isEqualTo("'abc'");
    assertThat(PythonConversion.repr("it's")).isEqualTo("\"it's\"");
    assertThat(PythonConversion.repr("\"it's\"")).isEqualTo("'\"it\\'s\"'");
    assertThat(PythonConversion.repr("a\\b")).isEqualTo("'a\\\\b'");
    assertThat(PythonConversion.repr("人像")).isEqualTo("'人像'");
    assertThat(PythonConversion.repr(List.of("a", "b"))).isEqualTo("['a', 'b']");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tab\t", "line\n", "nbsp\u00a0", "\ud83d\ude00", "\u200b"})
  void whatPythonsUnicodeDecidesIsInDoubt(String text) {
    assertThatThrownBy(() -> PythonConversion.repr(text)).isInstanceOf(Doubt.class);
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "' 5 ', 5", "+5, 5", "-05, -5", "1_000, 1000", "99999999999999999999, 99999999999999999999"})
  void integersAreReadAsPythonDoes(String text, String value) {
    assertThat(PythonConversion.toInt(text)).isEqualTo(new BigInteger(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "5.0", "1__0", "_1", "1_", "0x10", "- 5", "1e3"})
  void whatIsNoIntegerSaysSoAsPythonDoes(String text) {
    assertThatThrownBy(() -> PythonConversion.toInt(text)).isInstanceOf(PythonError.class)
      .hasMessage("invalid literal for int() with base 10: '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"5, 5.0", "' 5. ', 5.0", ".5, 0.5", "-1E3, -1000.0"})
  void floatsAreReadAsPythonDoes(String text, double value) {
    assertThat(PythonConversion.toFloat(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "0x10", "1,5", "5f", "5d", "--5"})
  void whatIsNoFloatSaysSoAsPythonDoes(String text) {
    assertThatThrownBy(() -> PythonConversion.toFloat(text)).isInstanceOf(PythonError.class)
      .hasMessage("could not convert string to float: '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan", "-inf", "Infinity", "1_0.5", "\u0665", "5\u3000"})
  void whatOnlyPythonReadsIsInDoubt(String text) {
    assertThatThrownBy(() -> PythonConversion.toFloat(text)).isInstanceOf(Doubt.class);
  }
}
