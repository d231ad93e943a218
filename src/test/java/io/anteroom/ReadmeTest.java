package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README says in tables and commands is what the code has. */
class ReadmeTest {
  private static final Pattern FENCE = Pattern.compile("(?s)```\\n(.*?)```");

  @ParameterizedTest
  @EnumSource(Metric.class)
  void everyFigureStandsInItWithItsMeaning(Metric figure) throws IOException {
    assertThat(readme("README.md")).containsPattern(
      Pattern.compile("\\| `" + figure.word() + "` \\| [a-z]+ \\| " + Pattern.quote(figure.meaning()) + " \\|"));
    assertThat(readme("README.zh-CN.md")).contains("| `" + figure.word() + "` |");
  }

  @Test
  void bothLanguagesGiveTheSameCommands() throws IOException {
    assertThat(commands("README.zh-CN.md")).isEqualTo(commands("README.md")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void everyPictureAndPageThatItNamesIsThere(String name) throws IOException {
    Stream<String> links = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(readme(name)).results()
      .map(link -> link.group(1));

    assertThat(links).allSatisfy(link -> assertThat(Path.of(link)).exists());
  }

  /** The lines that a reader would type, without what is said behind them. */
  private static List<String> commands(String name) throws IOException {
    return FENCE.matcher(readme(name)).results()
      .map(MatchResult::group)
      .flatMap(String::lines)
      .filter(line -> line.startsWith("./mvnw") || line.startsWith("java "))
      .map(line -> line.replaceFirst("\\s+#.*", ""))
      .toList();
  }

  private static String readme(String name) throws IOException {
    return Files.readString(Path.of(name));
  }
}
