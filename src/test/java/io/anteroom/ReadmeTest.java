package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.metrics.Metric;
import io.anteroom.task.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README and the manual say in tables is what the code has. */
class ReadmeTest {
  private static final Pattern KEY = Pattern.compile("`([a-z_]+(?:\\.[a-z_]+)*)`");

  @ParameterizedTest
  @EnumSource(Metric.class)
  void everyMetricStandsInTheManualWithItsMeaning(Metric metric) throws IOException {
    assertThat(page("src/docs/metrics.md")).containsPattern(
      Pattern.compile("\\| `" + metric.word() + "` \\| [a-z]+ \\| " + Pattern.quote(metric.meaning()) + " \\|"));
    assertThat(page("src/docs/metrics.zh-CN.md")).contains("| `" + metric.word() + "` |");
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/docs/api.md", "src/docs/api.zh-CN.md"})
  void everyTypeOfErrorStandsInTheManualWithItsStatus(String name) throws IOException {
    Stream<String> rows = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\d{3}) \\|").matcher(page(name)).results()
      .map(row -> row.group(1) + " " + row.group(2));

    assertThat(rows).containsExactlyInAnyOrderElementsOf(
      Arrays.stream(ApiException.Code.values()).map(code -> code.word() + " " + code.status()).toList());
  }

  @ParameterizedTest
  @CsvSource({"README.md, 12", "README.zh-CN.md, 12", "src/docs/settings.md, 23", "src/docs/settings.zh-CN.md, 23"})
  void everySettingOfATableIsOneAndHasTheDefaultThatTheTableSays(String name, int rows) throws IOException {
    String none = name.endsWith(".zh-CN.md") ? "无" : "none";
    List<String> table = page(name).lines()
      .dropWhile(line -> !line.startsWith("| setting | default |") && !line.startsWith("| 设置 | 默认值 |"))
      .skip(2).takeWhile(line -> line.startsWith("|")).toList();

    assertThat(table).hasSize(rows);
    for (String row : table) {
      String[] cells = row.substring(2).split(" \\| ");
      List<String> expected = new ArrayList<>();
      for (MatchResult key : KEY.matcher(cells[0]).results().toList()) {
        expected.add(defaultOf(key.group(1)).replaceFirst("^none$", none));
      }
      assertThat(cells[1].split(", |、")).as(row).containsExactlyElementsOf(expected);
    }
  }

  /** As {@code conf/anteroom.yaml} explains it, which a test of its own compares with the code. */
  private static String defaultOf(String key) throws IOException {
    Matcher explained = Pattern.compile("Default: (\\S+)\\.\\s+(?:#\\s+)?Variable: ANTEROOM_%s\\."
      .formatted(key.toUpperCase(Locale.ROOT).replace('.', '_'))).matcher(page("conf/anteroom.yaml"));
    assertThat(explained.find()).as("%s is a setting", key).isTrue();
    return explained.group(1);
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of(name));
  }
}
