package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.auth.password.OneTimeCode;
import io.anteroom.edge.auth.password.PasswordHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that let users sign in. */
class SignInCommandsTest {
  private static final Pattern CODE = Pattern.compile("^(\\S+) .* ([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})$",
    Pattern.MULTILINE);
  @TempDir
  private Path folder;
  private StringWriter out;

  @BeforeEach
  void lab() throws IOException {
    Files.writeString(folder.resolve("instances.csv"), "instance,url,pool,slots\npc-1,http://127.0.0.1:8188,,\n");
    Files.writeString(folder.resolve("users.csv"), """
      username,display_name,group,role,instance
      Alice,Alice,7b,student,pc-1
      bob,鲍勃,7c,student,pc-1
      """);
  }

  @Test
  void everybodyWhoCannotSignInYetGetsACodeThatTheFileKnowsByItsHash() throws IOException {
    assertThat(run("codes")).isZero();

    assertThat(codes()).containsOnlyKeys("Alice", "bob");
    assertThat(lines()).hasSize(2);
    assertThat(hashOf("alice:code:").matches(OneTimeCode.plain(codes().get("Alice")))).isTrue();
    assertThat(Files.readString(passwords())).doesNotContain(codes().get("Alice"), codes().get("bob"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords()))).isEqualTo("rw-------");
  }

  @Test
  void whoHasOneKeepsItUnlessHeIsNamed() throws IOException {
    run("codes");
    List<String> before = lines();

    run("codes");
    assertThat(lines()).isEqualTo(before);
    assertThat(out.toString()).contains("0 one-time codes");

    run("codes", "bob");
    assertThat(lines()).hasSize(2).contains(before.get(0)).doesNotContain(before.get(1));
  }

  @Test
  void aGroupGetsItsOwn() throws IOException {
    run("codes", "--group", "7c");

    assertThat(codes()).containsOnlyKeys("bob");
    assertThat(lines()).hasSize(1);
  }

  @Attack(39)
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"=1+1|'=1+1", "+1|'+1", "-1|'-1", "@SUM(1)|'@SUM(1)",
    "＝1|'＝1", "a\\n=1|a =1", "\\t=1|'=1", "a\\r+1|a +1", "a\u2028=1|a =1", "Al-Ice = @home|Al-Ice = @home"})
  void noNameIsAFormulaToASpreadsheetThatReadsThePrintedCodes(String said, String printed) throws IOException {
    Files.writeString(folder.resolve("users.csv"), """
      username,display_name,group,role,instance
      carol,"%s","%s",student,pc-1
      """.formatted(said.translateEscapes(), said.translateEscapes()));

    assertThat(run("codes")).isZero();

    assertThat(codes()).containsOnlyKeys("carol");
    assertThat(out.toString().lines().findFirst().orElseThrow())
      .startsWith("%-20s %-24s %-12s ".formatted("carol", printed, printed));
    assertThat(out.toString().lines()).hasSize(2).noneMatch(line -> line.matches("[=+@-].*"));
  }

  @Test
  void aNameThatNobodyHasIsToldAndNobodyGetsACode() {
    assertThat(run("codes", "bob", "alcie", "carol")).isEqualTo(1);
    assertThat(out.toString()).contains("No such user in", "users.csv: alcie, carol;").doesNotContain("one-time");

    assertThat(run("codes", "--group", "7b", "bob")).isEqualTo(1);
    assertThat(out.toString()).contains("No such user in", "users.csv, group 7b: bob;");
    assertThat(passwords()).doesNotExist();
  }

  @Test
  void aNameIsTakenHoweverItIsSpelledAsAtTheSignIn() {
    assertThat(run("codes", "alice")).isZero();

    assertThat(codes()).containsOnlyKeys("Alice");
  }

  @Test
  void aPasswordTakesThePlaceOfACode() throws IOException {
    run("codes");

    assertThat(run("password", "Alice", "--password=correct horse")).isZero();

    assertThat(lines()).hasSize(2);
    assertThat(hashOf("alice:").matches("correct horse")).isTrue();
    assertThat(out.toString()).doesNotContain("correct horse");
  }

  @Test
  void aPasswordThatIsTooShortIsRefused() {
    assertThat(run("password", "alice", "--password=short")).isEqualTo(2);
    assertThat(passwords()).doesNotExist();
  }

  @Test
  void withoutAFileToWriteIntoItIsSaidWhichSettingLacks() {
    out = new StringWriter();
    int code = Anteroom.commandLine(Map.of(), loaded -> { }, loaded -> { })
      .setErr(new PrintWriter(out)).setOut(new PrintWriter(out)).execute("codes");

    assertThat(code).isEqualTo(2);
    assertThat(out.toString()).contains("users.passwords");
  }

  private int run(String... arguments) {
    out = new StringWriter();
    Map<String, String> environment = Map.of(
      "ANTEROOM_USERS_FILE", folder.resolve("users.csv").toString(),
      "ANTEROOM_INSTANCES_FILE", folder.resolve("instances.csv").toString(),
      "ANTEROOM_USERS_PASSWORDS", passwords().toString());
    return Anteroom.commandLine(environment, loaded -> { }, loaded -> { })
      .setErr(new PrintWriter(out)).setOut(new PrintWriter(out)).execute(arguments);
  }

  private Path passwords() {
    return folder.resolve("conf").resolve("passwords");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(passwords());
  }

  private Map<String, String> codes() {
    return CODE.matcher(out.toString()).results()
      .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
  }

  private PasswordHash hashOf(String before) throws IOException {
    return lines().stream().filter(line -> line.startsWith(before)).map(line -> line.substring(before.length()))
      .map(text -> PasswordHash.parse(text).orElseThrow()).findFirst().orElseThrow();
  }
}
