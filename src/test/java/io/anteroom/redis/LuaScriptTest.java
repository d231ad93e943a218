package io.anteroom.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The form of the scripts: one purpose, a contract, every key from one place. */
class LuaScriptTest {
  private static final Path LUA = Path.of("src/main/resources/lua");

  @ParameterizedTest
  @EnumSource
  void everyScriptBeginsWithItsContractAndIsShort(LuaScript script) throws IOException {
    List<String> lines = Files.readAllLines(LUA.resolve(script.verb() + ".lua"));

    assertThat(lines).anyMatch(line -> line.startsWith("-- KEYS[1] limits"))
      .anyMatch(line -> line.startsWith("-- Returns"));
    assertThat(lines.stream().filter(line -> !line.isBlank() && !line.startsWith("--"))).hasSizeLessThan(40);
  }

  @Test
  void onlyTheListOfKeysSpellsAKey() throws IOException {
    try (Stream<Path> files = Files.walk(LUA)) {
      assertThat(files.filter(Files::isRegularFile)).isNotEmpty()
        .allSatisfy(file -> assertThat(file).content().doesNotContain("anteroom"));
    }
  }

  @Test
  void everyFileIsUsed() throws IOException {
    try (Stream<Path> files = Files.walk(LUA)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file);
        assertThat(LuaScript.values()).as("%s", file).anyMatch(script -> script.text().contains(content));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSharedFileStandsInAScriptOnce(LuaScript script) {
    assertThat(script.text()).containsOnlyOnce("local keys = {");
    assertThat(script.text().split(Pattern.quote("local function setting("), -1)).hasSizeLessThanOrEqualTo(2);
  }
}
