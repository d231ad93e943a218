package io.anteroom.directory;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which texts are user names, and which of them name the same user: one rule for {@code users.csv}, for paths
 * and for every way to sign in.
 *
 * <p>The rule is PRECIS UsernameCaseMapped (RFC 8265), without its rule for the writing direction: capital and small,
 * full-width and half-width, composed and combining letters are the same. Nothing else is: a letter that only looks
 * like another one (a homograph) makes another user, and one that Unicode replaces by another is refused, so that no
 * provider can let one person become a second one. Beyond the RFC, names hold no {@code %} and no dot segment (path
 * traversal, double decoding) and no quotation mark or angle bracket, so that in logs and pages a name ends where it
 * seems to.
 */
public final class UserName {
  /** What OpenID Connect allows a {@code sub}; in UTF-8. */
  public static final int MAX_BYTES = 255;

  private static final int MAX_SHOWN = 64;
  private static final String FORBIDDEN_ASCII = "\"%<>`";
  private static final Set<Byte> CATEGORIES = Set.of(Character.LOWERCASE_LETTER, Character.UPPERCASE_LETTER,
    Character.OTHER_LETTER, Character.MODIFIER_LETTER, Character.DECIMAL_DIGIT_NUMBER, Character.NON_SPACING_MARK,
    Character.COMBINING_SPACING_MARK);
  /** Letters and marks that are drawn as nothing (Default_Ignorable_Code_Point). */
  private static final Pattern INVISIBLE = Pattern.compile(
    "[\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{E0100}-\\x{E01EF}]"
  );
  /** Control, format, surrogate, private and unassigned characters, and blanks and line ends of every kind. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Z}]");
  private static final Pattern SEPARATORS = Pattern.compile("[/\\\\]");
  private static final Pattern DOT_SEGMENT = Pattern.compile("\\.{1,2}(;.*)?");
  private static final Pattern PLAIN = Pattern.compile("[^\\s='\"]+");
  private static final int IDEOGRAPHIC_SPACE = 0x3000;
  private static final int FIRST_WIDE = 0xFF01;
  private static final int LAST_WIDE = 0xFFEE;

  private UserName() {
  }

  /** Why a text is not a name, in both languages. */
  public record Objection(String english, String chinese) {
  }

  /** A name as it is shown and stored: as written, with letters of usual width and composed accents. */
  public static String preserved(String text) {
    return Normalizer.normalize(usualWidth(text).strip(), Normalizer.Form.NFC);
  }

  /** The form by which names are compared: two texts with the same one name the same user. */
  public static String folded(String text) {
    return Normalizer.normalize(usualWidth(text).strip().toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
  }

  public static boolean isName(String text) {
    return text != null && objection(text).isEmpty();
  }

  /** Why this text names no user; empty for a name, in whatever spelling. */
  public static Optional<Objection> objection(String text) {
    String name = usualWidth(text).strip();
    int bytes = preserved(text).getBytes(StandardCharsets.UTF_8).length;
    if (name.isEmpty()) {
      return Optional.of(new Objection("it is empty", "该名称为空"));
    }
    if (bytes > MAX_BYTES) {
      return Optional.of(new Objection("it has %d bytes in UTF-8, the limit is %d".formatted(bytes, MAX_BYTES),
        "其 UTF-8 编码有 %d 字节，上限为 %d 字节".formatted(bytes, MAX_BYTES)));
    }
    if (name.contains("  ")) {
      return Optional.of(new Objection("it contains two spaces in a row", "其中有连续的空格"));
    }
    if (SEPARATORS.splitAsStream(name).anyMatch(DOT_SEGMENT.asMatchPredicate())) {
      return Optional.of(new Objection("a part of it is '.' or '..', as in a path", "其中有路径片段“.”或“..”"));
    }
    return name.codePoints().filter(letter -> !isAllowed(letter)).mapToObj(UserName::forbidden).findFirst();
  }

  /** Any text as it can stand in a line of a log or of an answer: not too long, and nothing in it unseen. */
  public static String shown(String text) {
    String start = text.codePoints().limit(MAX_SHOWN).mapToObj(UserName::visible).collect(Collectors.joining());
    return text.codePointCount(0, text.length()) > MAX_SHOWN ? start + "…" : start;
  }

  /** A name as a value in a log line: in quotation marks, which no name contains, when it could be read as several. */
  public static String logged(String name) {
    return PLAIN.matcher(name).matches() ? name : '"' + name + '"';
  }

  private static boolean isAllowed(int letter) {
    if (letter < 0x7F) {
      return letter >= ' ' && FORBIDDEN_ASCII.indexOf(letter) < 0;
    }
    String text = Character.toString(letter);
    return CATEGORIES.contains((byte) Character.getType(letter)) && !INVISIBLE.matcher(text).matches()
      && Normalizer.isNormalized(text, Normalizer.Form.NFKC);
  }

  private static Objection forbidden(int letter) {
    String shown = "'%s' (U+%04X)".formatted(visible(letter), letter);
    return new Objection("it contains %s, which no user name may have".formatted(shown),
      "其中含有用户名不允许的字符 %s".formatted(shown));
  }

  private static String visible(int letter) {
    String text = Character.toString(letter);
    return letter == ' ' || !UNSEEN.matcher(text).matches() && !INVISIBLE.matcher(text).matches() ? text
      : "\\u{%X}".formatted(letter);
  }

  /** The width mapping of RFC 8265, section 3.3.1: full-width and half-width letters are written in their usual one. */
  private static String usualWidth(String text) {
    if (text.codePoints().noneMatch(UserName::isOfOtherWidth)) {
      return text;
    }
    return text.codePoints().mapToObj(Character::toString).map(letter -> isOfOtherWidth(letter.codePointAt(0))
      ? Normalizer.normalize(letter, Normalizer.Form.NFKC) : letter).collect(Collectors.joining());
  }

  private static boolean isOfOtherWidth(int letter) {
    return letter == IDEOGRAPHIC_SPACE || letter >= FIRST_WIDE && letter <= LAST_WIDE;
  }
}
