package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.directory.Directory;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.directory.InstanceAddressPolicy;
import io.anteroom.directory.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that administrators read says what the code does. */
class ConfYamlTest {
  private static final Path FILE = Path.of("conf", "anteroom.yaml");
  private static final Pattern SETTING = Pattern.compile("( *)#([a-z_]+:.*)");
  @TempDir
  private Path folder;

  @Test
  void asItStandsItChangesNothing() {
    Map<String, String> environment = Map.of("HOSTNAME", "lab3");

    assertThat(ConfigLoader.load(Optional.of(FILE), environment).settings())
      .isEqualTo(ConfigLoader.load(Optional.empty(), environment).settings());
  }

  @Test
  void everySettingStandsInItWithItsDefaultInOrder() throws IOException {
    List<String> expected = ConfigOptions.ALL.stream().map(setting -> setting.key() + ": " + setting.defaultText())
      .toList();

    assertThat(settings().stream().map(Documented::line)).containsExactlyElementsOf(expected);
  }

  @Test
  void everySettingIsExplained() throws IOException {
    Map<String, String> explained = settings().stream()
      .collect(Collectors.toMap(one -> one.line().replaceFirst(":.*", ""), Documented::comment));

    assertThat(ConfigOptions.ALL).allSatisfy(setting -> {
      String standard = setting.defaultText().isEmpty() ? "none" : setting.defaultText();
      assertThat(explained.get(setting.key()))
        .matches("(?s)[A-Z].{15,} Values: .+")
        .contains("Default: " + standard + ".", "Variable: " + setting.variable() + ".");
      setting.study().ifPresent(study -> assertThat(explained.get(setting.key())).contains(study.variable() + "."));
    });
  }

  @Test
  void withEverySettingTakenInItChangesNothing() throws IOException {
    Map<String, String> environment = Map.of("HOSTNAME", "lab3");
    List<String> all = Files.readAllLines(FILE).stream()
      .map(line -> SETTING.matcher(line).replaceFirst("$1$2")).toList();

    Path taken = Files.write(folder.resolve("all.yaml"), all);

    assertThat(ConfigLoader.load(Optional.of(taken), environment).settings())
      .isEqualTo(ConfigLoader.load(Optional.empty(), environment).settings());
  }

  @Test
  void examplesOfUsersAndInstancesAreRight() {
    Directory directory = DirectoryLoader.read(new Settings.Files(
      Path.of("conf", "users.csv"), Path.of("conf", "instances.csv")), new InstanceAddressPolicy(Set.of(8080, 8081)));

    assertThat(directory.users()).extracting(User::name).contains("alice", "bob");
    assertThat(directory.users()).extracting(User::role).contains(User.Role.TEACHER);
  }

  private record Documented(String line, String comment) {
  }

  private static List<Documented> settings() throws IOException {
    List<String> lines = Files.readAllLines(FILE);
    return IntStream.range(0, lines.size()).filter(at -> SETTING.matcher(lines.get(at)).matches())
      .mapToObj(at -> new Documented(key(lines, at), comment(lines, at))).toList();
  }

  /** With the sections it stands in. */
  private static String key(List<String> lines, int at) {
    Matcher matcher = SETTING.matcher(lines.get(at));
    matcher.matches();
    String line = matcher.group(2).strip().replaceFirst(":$", ": ");
    int depth = matcher.group(1).length();
    return IntStream.iterate(depth - 2, outer -> outer >= 0, outer -> outer - 2)
      .mapToObj(outer -> section(lines, at, outer)).reduce(line, (inner, outer) -> outer + "." + inner);
  }

  /** The last one before this line that is so deep. */
  private static String section(List<String> lines, int at, int depth) {
    return IntStream.iterate(at, before -> before - 1).mapToObj(lines::get)
      .filter(before -> before.matches(" {" + depth + "}[a-z_]+:")).findFirst().orElseThrow().strip().replace(":", "");
  }

  private static String comment(List<String> lines, int at) {
    int from = at;
    while (lines.get(from - 1).strip().startsWith("# ")) {
      from--;
    }
    return lines.subList(from, at).stream().map(line -> line.strip().substring(2)).collect(Collectors.joining(" "));
  }
}
