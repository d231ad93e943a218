package io.anteroom.injection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/**
 * What the first bytes of a page say to a browser, with positions in bytes.
 *
 * <p>jsoup counts characters. It is given one character per byte, so that its positions are positions in the page; that
 * holds for every charset that {@link PageCharset#keepsMarkup} knows, since only letters are misread, never a tag.
 */
final class Markup {
  /** The attribute that marks our own tag. */
  static final String MARK = "data-anteroom";

  private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final byte[] bytes;
  private final int start;
  private final Document document;

  /** Reads {@code bytes}, the beginning of a page. */
  Markup(byte[] bytes) {
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

  /** Whether our script is there already, put in by another Anteroom on the way. */
  boolean hasOurScript() {
    return document.selectFirst("script[" + MARK + "]") != null;
  }

  /** The charset that a meta element of the head names, in lower case. */
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
   * Where a script runs before all others: behind the head's start tag and a meta charset that follows it at once, or
   * before the first other tag of a page without a head tag, whose parser then makes the head. Empty when there is no
   * tag at all.
   */
  OptionalInt place() {
    Element head = document.head();
    if (!isWritten(head)) {
      return document.getAllElements().stream()
        .filter(element -> isWritten(element) && element != head && !element.normalName().equals("html"))
        .mapToInt(element -> start + element.sourceRange().startPos())
        .min();
    }
    return OptionalInt.of(endOfTag(firstOf(head).filter(Markup::isMetaCharset).orElse(head)));
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

  /** Whether the element's start tag stands in the page, and where jsoup says; the parser makes some by itself. */
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
}
