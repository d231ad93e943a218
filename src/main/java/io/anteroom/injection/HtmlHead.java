package io.anteroom.injection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/**
 * Parses the start of a page as a browser does, with byte offsets.
 *
 * <p>jsoup counts characters. It gets one character per byte, so that its positions are byte offsets; that is valid for
 * every charset that {@link PageCharset#keepsMarkup} knows, since only letters are misread, never a tag.
 */
final class HtmlHead {
  /** The attribute that marks our own tag. */
  static final String MARK = "data-anteroom";

  private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final byte[] bytes;
  private final int start;
  private final Document document;

  /** Reads {@code bytes}, the beginning of a page. */
  HtmlHead(byte[] bytes) {
    this.bytes = bytes;
    start = beginsWith(UTF8_MARK) ? UTF8_MARK.length : 0;
    String oneCharacterPerByte = new String(bytes, start, bytes.length - start, StandardCharsets.ISO_8859_1);
    document = Parser.htmlParser().setTrackPosition(true).parseInput(oneCharacterPerByte, "");
  }

  boolean hasUtf8Mark() {
    return start > 0;
  }

  boolean hasUtf16Mark() {
    return beginsWith(new byte[] {(byte) 0xFE, (byte) 0xFF}) || beginsWith(new byte[] {(byte) 0xFF, (byte) 0xFE});
  }

  /** Whether our script is already there, injected by another Anteroom. */
  boolean hasOurScript() {
    return document.selectFirst("script[" + MARK + "]") != null;
  }

  /** The charset of a meta element in the head, in lower case. */
  Optional<String> charset() {
    return document.head().select("meta[charset], meta[http-equiv=content-type][content]").stream()
      .map(meta -> meta.hasAttr("charset")
        ? Optional.of(meta.attr("charset").trim().toLowerCase(Locale.ROOT)) : PageCharset.in(meta.attr("content")))
      .flatMap(Optional::stream)
      .findFirst();
  }

  /** The content security policies that meta elements set. */
  List<String> policies() {
    return document.select("meta[http-equiv=content-security-policy]").eachAttr("content");
  }

  /**
   * The offset where a script runs before all others: after the head's start tag and a meta charset right behind it, or
   * before the first other tag of a page without a head tag, for which parsers create a head. Empty if there is no tag.
   */
  OptionalInt place() {
    Element head = document.head();
    if (!isWritten(head)) {
      return document.getAllElements().stream()
        .filter(element -> isWritten(element) && element != head && !element.normalName().equals("html"))
        .mapToInt(element -> start + element.sourceRange().startPos())
        .min();
    }
    return OptionalInt.of(endOfTag(firstOf(head).filter(HtmlHead::isMetaCharset).orElse(head)));
  }

  private static Optional<Element> firstOf(Element head) {
    return head.childNodes().stream()
      .filter(node -> !(node instanceof TextNode text && text.isBlank()))
      .findFirst()
      .filter(Element.class::isInstance)
      .map(Element.class::cast);
  }

  private static boolean isMetaCharset(Node node) {
    return node instanceof Element element && element.normalName().equals("meta") && element.hasAttr("charset");
  }

  /** Whether the element's start tag is in the page, at the offset of jsoup; the parser creates some itself. */
  private boolean isWritten(Element element) {
    return element.sourceRange().isTracked() && !element.sourceRange().isImplicit()
      && bytes[start + element.sourceRange().startPos()] == '<' && bytes[endOfTag(element) - 1] == '>';
  }

  private int endOfTag(Element element) {
    return start + element.sourceRange().endPos();
  }

  private boolean beginsWith(byte[] mark) {
    return bytes.length >= mark.length && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
  }

  /** The declared charset of a page, and whether its markup can be read without decoding. */
  static final class PageCharset {
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

    /** The charset in a {@code Content-Type} or its equivalent in a meta element; in lower case. */
    static Optional<String> in(String contentType) {
      Matcher matcher = PARAMETER.matcher(contentType == null ? "" : contentType);
      return matcher.find() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** Whether ASCII tags can be found in and inserted into a page of this charset byte by byte. */
    static boolean keepsMarkup(String charset) {
      return ASCII_IS_ASCII.contains(charset) || SINGLE_BYTES.matcher(charset).matches();
    }
  }
}
