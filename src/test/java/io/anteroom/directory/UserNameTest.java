package io.anteroom.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are user names, and which of them are the same one. */
class UserNameTest {
  /** What sign-in systems really send. */
  @ParameterizedTest
  @ValueSource(strings = {"alice", "a+b@school.example", "o'brien", "DOM\\user", "firstname.lastname@uni.edu",
    "S1234567", "李雷", "josé", "Łukasz", "สมชาย", "नमिता", "김철수", "user name", "CN=Bob,OU=Class 7,DC=school",
    "auth0|5f7c8ec7c33c6c004bbafe82", "https://idp/x#sub", "/C=DE/O=Uni/CN=Bob", "abcD/ef+g1A=", "-Vx_w", "_x", "a.b.",
    "bob_mail.com#EXT#@school.onmicrosoft.com", "{5F0E1C7A-0000-4A1B-9C33-D1B8A0F7C2E4}", "+4915112345678", "$1",
    "a&b", "a;b", "x^y~z!*()[]?:", "...", "a..b", "4711"})
  void whatSystemsSendIsAName(String text) {
    assertThat(UserName.objection(text)).isEmpty();
    assertThat(UserName.folded(UserName.folded(text))).isEqualTo(UserName.folded(text));
    assertThat(UserName.folded(UserName.preserved(text))).isEqualTo(UserName.folded(text));
    assertThat(new User(UserName.preserved(text), "", "", User.Role.STUDENT, "").isCalled(text)).isTrue();
  }

  static Stream<Arguments> noNames() {
    return Stream.of(
      Arguments.of("", "is empty"), Arguments.of(" \t", "is empty"), Arguments.of("\u3000", "is empty"),
      Arguments.of("a".repeat(256), "256 bytes"), Arguments.of("李".repeat(86), "258 bytes"),
      Arguments.of("user  name", "two spaces"),
      Arguments.of(".", "'..'"), Arguments.of("..", "'..'"), Arguments.of("a/../b", "'..'"),
      Arguments.of("..\\b", "'..'"), Arguments.of("a/..;x=1/b", "'..'"), Arguments.of("a/./b", "'..'"),
      Arguments.of("．．/a", "'..'"),
      Arguments.of("a%2fb", "'%' (U+0025)"), Arguments.of("a\"b", "U+0022"), Arguments.of("<b>", "U+003C"),
      Arguments.of("a`b", "U+0060"),
      Arguments.of("a\nb", "'\\u{A}' (U+000A)"), Arguments.of("a\u0000b", "U+0000"), Arguments.of("a\tb", "U+0009"),
      Arguments.of("a\u007fb", "U+007F"), Arguments.of("a\u0085b", "U+0085"), Arguments.of("a\u2028b", "U+2028"),
      Arguments.of("a\u00A0b", "U+00A0"), Arguments.of("a\u200Bb", "U+200B"), Arguments.of("a\u202Eb", "U+202E"),
      Arguments.of("a\u00ADb", "U+00AD"), Arguments.of("a\uFEFFb", "U+FEFF"), Arguments.of("a\uFE0Fb", "U+FE0F"),
      Arguments.of("a\u3164b", "U+3164"), Arguments.of("a\uD800b", "U+D800"), Arguments.of("a\uE000b", "U+E000"),
      Arguments.of("a\u034Fb", "U+034F"), Arguments.of("\u212Aevin", "U+212A"), Arguments.of("\uFB01n", "U+FB01"),
      Arguments.of("user\u2460", "U+2460"), Arguments.of("\u1D2Eig", "U+1D2E"), Arguments.of("\uF900", "U+F900"),
      Arguments.of("😀", "U+1F600"), Arguments.of("a—b", "U+2014"));
  }

  @ParameterizedTest
  @MethodSource("noNames")
  void whatIsNoNameIsToldWithTheReason(String text, String reason) {
    assertThat(UserName.isName(text)).isFalse();
    assertThat(UserName.objection(text).orElseThrow().english()).contains(reason);
    assertThat(UserName.objection(text).orElseThrow().chinese()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({"Alice, alice", "ALICE, alice", "Ａlice, alice", "ｊｏｈｎ, john", "JOSÉ, josé", "ｱｲ, アイ", "ｶﾞ, ガ",
    "DOM\\User, dom\\user", "李　雷, 李 雷", "ÅSA, åsa", "' alice ', alice"})
  void spellingsOfOneName(String text, String folded) {
    assertThat(UserName.folded(text)).isEqualTo(folded);
    assertThat(UserName.folded(Normalizer.normalize(text, Normalizer.Form.NFD))).isEqualTo(folded);
  }

  /** Homographs: whoever could get the name of another one at a provider must not become that one here. */
  @ParameterizedTest
  @CsvSource({"alice, аlice", "admin, adm\u0131n", "strasse, straße", "resume, résumé", "i, ı", "o'brien, o’brien",
    "a.b, ab", "a+b, a b", "paypal, раураl", "user1, userl"})
  void whatOnlyLooksAlikeIsAnotherName(String one, String other) {
    assertThat(UserName.folded(one)).isNotEqualTo(UserName.folded(other));
  }

  /** No reading changes a name that was read already: else a second node could see another user. */
  @Test
  void readingTwiceIsReadingOnce() {
    Random random = new Random(21);
    for (int i = 0; i < 200_000; i++) {
      String text = random.ints(1 + random.nextInt(4), 1, 0x3100).mapToObj(Character::toString)
        .reduce("", String::concat);
      if (UserName.isName(text)) {
        String folded = UserName.folded(text);
        assertThat(UserName.isName(folded)).as(text).isTrue();
        assertThat(UserName.folded(folded)).as(text).isEqualTo(folded);
        assertThat(UserName.preserved(UserName.preserved(text))).as(text).isEqualTo(UserName.preserved(text));
      }
    }
  }

  @Test
  void whatIsShownCannotBreakALine() {
    assertThat(UserName.shown("a\r\nb\u202E\u0000")).isEqualTo("a\\u{D}\\u{A}b\\u{202E}\\u{0}");
    assertThat(UserName.shown("x".repeat(100))).isEqualTo("x".repeat(64) + "…");
    assertThat(UserName.logged("alice")).isEqualTo("alice");
    assertThat(UserName.logged("bob role=admin")).isEqualTo("\"bob role=admin\"");
  }
}
