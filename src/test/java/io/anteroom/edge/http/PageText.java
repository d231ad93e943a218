package io.anteroom.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;

/** Tells text from markup in a page, as a browser's parser does. */
public final class PageText {
  private PageText() {
  }

  /** Asserts that the value adds no element and no attribute to the page (XSS), and is there letter for letter. */
  public static void isText(String value, UnaryOperator<String> page) {
    String html = page.apply(value);

    assertThat(markup(html)).isEqualTo(markup(page.apply("harmless")));
    assertThat(texts(html)).anyMatch(text -> text.contains(value));
  }

  private static List<String> markup(String html) {
    return elements(html).map(element -> element.tagName() + attributes(element).map(Attribute::getKey).toList())
      .toList();
  }

  private static Stream<String> texts(String html) {
    return elements(html).flatMap(element ->
      Stream.concat(Stream.of(element.wholeOwnText()), attributes(element).map(Attribute::getValue)));
  }

  private static Stream<Element> elements(String html) {
    return Jsoup.parse(html).getAllElements().stream();
  }

  private static Stream<Attribute> attributes(Element element) {
    return element.attributes().asList().stream();
  }
}
