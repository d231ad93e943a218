package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The README and the pages of the manual: short, linked with one another, and the same in both languages. */
class ManualTest {
  private static final Path FOLDER = Path.of("src", "docs");
  private static final String CHINESE = ".zh-CN.md";
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`[^`\n]+`");
  private static final Pattern NARROW = Pattern.compile("\\p{IsHan}[,;:?!()]|[,;:?!()]\\p{IsHan}");
  private static final Pattern FILE = Pattern.compile("`([a-z/]+/(?:[A-Z]\\w+|\\w+\\.lua))`");
  private static final int MAX_LINES_OF_README = 150;

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void readmeIsReadInOneGo(String name) throws IOException {
    assertThat(Files.readAllLines(Path.of(name))).hasSizeLessThanOrEqualTo(MAX_LINES_OF_README);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void readmeLeadsToEveryPageOfItsLanguage(String name) throws IOException {
    boolean chinese = name.endsWith(CHINESE);
    List<Path> pages = manual().filter(page -> page.toString().endsWith(CHINESE) == chinese).toList();

    assertThat(links(Path.of(name)).stream().map(link -> Path.of(link.replaceFirst("#.*", "")))).containsAll(pages);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsToAFileAndAHeading(Path page) throws IOException {
    Path folder = page.toAbsolutePath().getParent();

    assertThat(links(page)).allSatisfy(link -> {
      Path target = link.startsWith("#") ? page : folder.resolve(link.replaceFirst("#.*", ""));
      assertThat(target).exists();
      if (link.contains("#")) {
        assertThat(anchors(target)).contains(link.replaceFirst(".*#", ""));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("manual")
  void everyPageBeginsWithTheListOfItsParts(Path page) throws IOException {
    List<String> parts = prose(page).lines().filter(line -> line.startsWith("## ")).map(ManualTest::anchor).toList();
    List<String> listed = prose(page).lines().takeWhile(line -> !line.startsWith("## "))
      .filter(line -> line.startsWith("- [")).map(line -> line.replaceFirst(".*\\(#(.*)\\)", "$1")).toList();

    assertThat(listed).isNotEmpty().isEqualTo(parts);
  }

  @ParameterizedTest
  @MethodSource("chinese")
  void bothLanguagesGiveTheSameCommands(Path page) throws IOException {
    assertThat(commands(page)).isEqualTo(commands(Path.of(page.toString().replace(CHINESE, ".md"))));
  }

  @Test
  void readmeHasCommands() throws IOException {
    assertThat(commands(Path.of("README.md"))).contains("./mvnw verify", "java -jar target/anteroom.jar start");
  }

  @ParameterizedTest
  @MethodSource("chinese")
  void chineseHasPunctuationOfFullWidth(Path page) throws IOException {
    String text = CODE.matcher(LINK.matcher(prose(page)).replaceAll("]")).replaceAll("x");

    assertThat(text.lines().filter(line -> NARROW.matcher(line).find())).isEmpty();
  }

  /** Readers go from the design to the file. */
  @ParameterizedTest
  @ValueSource(strings = {"design.md", "design.zh-CN.md"})
  void everyFileThatTheDesignNamesIsThere(String name) throws IOException {
    List<String> files = FILE.matcher(prose(FOLDER.resolve(name))).results().map(file -> file.group(1)).toList();

    assertThat(files).hasSizeGreaterThan(25).allSatisfy(file -> assertThat(file.endsWith(".lua")
      ? Path.of("src/main/resources", file) : Path.of("src/main/java/io/anteroom", file + ".java")).exists());
  }

  static Stream<Path> pages() throws IOException {
    return Stream.concat(Stream.of("README.md", "README.zh-CN.md", "docker/README.md").map(Path::of), manual());
  }

  static Stream<Path> chinese() throws IOException {
    return pages().filter(page -> page.toString().endsWith(CHINESE));
  }

  static Stream<Path> manual() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
    }
  }

  private static List<String> links(Path page) throws IOException {
    return LINK.matcher(CODE.matcher(prose(page)).replaceAll("x")).results()
      .map(link -> link.group(1)).filter(link -> !link.contains("://")).toList();
  }

  private static List<String> anchors(Path page) throws IOException {
    return prose(page).lines().filter(line -> line.startsWith("#")).map(ManualTest::anchor).toList();
  }

  /** What GitHub makes of a heading. */
  private static String anchor(String heading) {
    return heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT)
      .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "").replace(' ', '-');
  }

  /** A page without what stands in fences. */
  private static String prose(Path page) throws IOException {
    return String.join("\n", parts(page, false));
  }

  /** The lines that a reader would type, without the comments behind them. */
  private static List<String> commands(Path page) throws IOException {
    return parts(page, true).stream()
      .filter(line -> line.startsWith("./mvnw") || line.startsWith("java ") || line.startsWith("$ "))
      .map(line -> line.replaceFirst("\\s+#.*", ""))
      .toList();
  }

  private static List<String> parts(Path page, boolean fenced) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inFence = false;
    for (String line : Files.readAllLines(page)) {
      Matcher fence = Pattern.compile("^\\s*```").matcher(line);
      if (fence.find()) {
        inFence = !inFence;
      } else if (inFence == fenced) {
        lines.add(line);
      }
    }
    return lines;
  }
}
