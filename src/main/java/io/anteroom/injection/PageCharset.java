package io.anteroom.injection;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which charset a page says it is in, and whether its markup can be read without decoding it. */
final class PageCharset {
  private static final Pattern PARAMETER =
    Pattern.compile("charset\\s*=\\s*[\"']?([A-Za-z0-9:._+-]{1,40})", Pattern.CASE_INSENSITIVE);

  /**
   * Charsets in which a byte that looks like {@code <}, {@code >}, {@code =} or a quote is one, also next to Chinese,
   * Japanese or Korean letters. UTF-16 and the ISO-2022 family are not among them.
   */
  private static final Set<String> ASCII_IS_ASCII = Set.of(
    "utf-8", "utf8", "us-ascii", "ascii", "gbk", "gb2312", "gb18030", "x-gbk", "big5", "big5-hkscs", "euc-jp",
    "euc-kr", "shift_jis", "sjis", "koi8-r", "koi8-u");
  private static final Pattern SINGLE_BYTES = Pattern.compile("(iso-8859-|windows-125|latin)[0-9]{1,2}");

  private PageCharset() {
  }

  /** The charset that a {@code Content-Type}, or the like of it in a meta element, names; in lower case. */
  static Optional<String> in(String contentType) {
    Matcher matcher = PARAMETER.matcher(contentType == null ? "" : contentType);
    return matcher.find() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  /** Whether a tag of ASCII letters can be found in, and put into, a page of this charset byte by byte. */
  static boolean keepsMarkup(String charset) {
    return ASCII_IS_ASCII.contains(charset) || SINGLE_BYTES.matcher(charset).matches();
  }
}
