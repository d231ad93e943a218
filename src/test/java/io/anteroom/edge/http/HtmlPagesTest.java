package io.anteroom.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.directory.User;
import io.anteroom.directory.User.Role;
import io.anteroom.edge.auth.signin.SignInPage.Button;
import io.anteroom.edge.http.HtmlPages.Page;
import io.anteroom.edge.student.HomePage.Group;
import io.anteroom.edge.student.HomePage.Listing;
import io.anteroom.http.Language;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for each template in {@code src/main/jte}. */
class HtmlPagesTest {
  private static final Pattern HALF_WIDTH_AFTER_CHINESE = Pattern.compile("\\p{IsHan}[,;:!?.(]");
  private static final Pattern CHINESE = Pattern.compile("[\\p{IsHan}\\u3000-\\u303F\\uFF00-\\uFFEF]");
  private static final Pattern ENGLISH_WORDS = Pattern.compile("[A-Za-z]{2,} [a-z]{2,}");

  @Test
  void eachTemplateIsTriedHere() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/jte"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(
        Stream.concat(Stream.of("layout.jte", "alert.jte"), pages("x").stream().map(Page::template))
          .collect(Collectors.toSet()));
    }
  }

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {"<img src=x onerror=hit()>", "\"><script>hit()</script>", "' autofocus onfocus='hit()",
    "\" autofocus onfocus=\"hit()", "</p><svg onload=hit()>", "</title></style><script>hit()</script>",
    "&lt;script&gt;hit()&lt;/script&gt;"})
  void eachValueIsTextInEachTemplate(String hostile) {
    for (Language language : Language.values()) {
      IntStream.range(0, pages("x").size()).forEach(page ->
        PageText.isText(hostile, value -> pages(value).get(page).in(language)));
    }
  }

  @Test
  void anEnglishPageHasNothingInChineseButTheLinkToIt() {
    assertThat(pages("x")).allSatisfy(page -> {
      Document html = Jsoup.parse(page.in(Language.ENGLISH));
      assertThat(html.selectFirst("html").attr("lang")).isEqualTo("en");
      assertThat(html.select("footer a").eachText()).isSubsetOf("中文");
      html.select("footer").remove();
      assertThat(html.text()).isNotBlank().doesNotContainPattern(CHINESE);
    });
  }

  @Test
  void aChinesePageHasNothingInEnglishButTheLinkToIt() {
    assertThat(pages("x")).allSatisfy(page -> {
      Document html = Jsoup.parse(page.in(Language.CHINESE));
      assertThat(html.selectFirst("html").attr("lang")).isEqualTo("zh-CN");
      assertThat(html.select("footer a").eachText()).isSubsetOf("English");
      html.select("footer").remove();
      assertThat(html.text()).containsPattern(CHINESE).doesNotContainPattern(ENGLISH_WORDS)
        .doesNotContainPattern(HALF_WIDTH_AFTER_CHINESE);
    });
  }

  @ParameterizedTest
  @EnumSource
  void eachPageHasTheLayout(Language language) {
    assertThat(pages("x")).allSatisfy(page -> {
      String text = page.in(language);
      Document html = Jsoup.parse(text);
      assertThat(text).startsWith("<!DOCTYPE html>");
      assertThat(html.select("h1")).hasSize(1);
      assertThat(html.title()).endsWith("Anteroom");
      assertThat(html.select("meta[name=viewport]").attr("content")).contains("width=device-width");
      assertThat(html.select("meta[name=color-scheme]").attr("content")).isEqualTo("light dark");
      assertThat(html.select("link[rel=icon]").attr("href")).isEqualTo(HtmlPages.FAVICON);
      assertThat(html.select("script, [style], img, iframe")).isEmpty();
    });
  }

  @Test
  void thePageForANewPasswordCannotBeLeftForTheOtherLanguage() {
    assertThat(pages("x")).allSatisfy(page -> assertThat(Jsoup.parse(page.in(Language.ENGLISH)).select("footer").size())
      .as(page.template()).isEqualTo(page.template().equals("choose.jte") ? 0 : 1));
  }

  @Test
  void theSwitchKeepsTheRestOfTheAddress() {
    assertThat(otherThan(Language.ENGLISH, "/?part=2")).isEqualTo("/?part=2&lang=zh");
    assertThat(otherThan(Language.CHINESE, "/signin")).isEqualTo("/signin?lang=en");
    assertThat(otherThan(Language.CHINESE, "")).isEqualTo("?lang=en");
  }

  private static String otherThan(Language language, String address) {
    return new PageLanguage(language, Optional.of(address)).switchAddress();
  }

  /** All colours are variables, and each has a value for light and for dark. */
  @Test
  void thereIsALightAndADarkScheme() {
    String[] schemes = HtmlPages.STYLE.split(Pattern.quote("@media (prefers-color-scheme: dark)"));

    assertThat(schemes).hasSize(2);
    assertThat(schemes[0]).contains("color-scheme: light dark");
    String dark = schemes[1].substring(0, schemes[1].indexOf("}\n}"));
    assertThat(found("--[a-z-]+(?=:)", dark)).isEqualTo(found("--[a-z-]+(?=:)", schemes[0])).isNotEmpty();
    assertThat(found("#[0-9a-f]{3,6}\\b", schemes[1].substring(dark.length()))).isEmpty();
    assertThat(found("(?<=var\\()--[a-z-]+", HtmlPages.STYLE)).isEqualTo(found("--[a-z-]+(?=:)", dark));
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group)
      .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Each template in each of its forms, with this value wherever one comes from outside. */
  private static List<Page> pages(String value) {
    Optional<ApiException> error = Optional.of(ApiException.of(Code.NOT_YOURS, "1" + value, "甲" + value));
    Optional<String> address = Optional.of("/" + value);
    User user = new User("eve", value, value, Role.STUDENT, "gpu");
    return List.of(
      new Page("landing.jte", address, Map.of()),
      ErrorPage.of(error.get().details(value)),
      ErrorPage.of(ApiException.of(Code.BUSY, value, value).details(value)),
      new Page("signin.jte", address, Map.of("byPassword", true, "buttons", List.of(new Button("/" + value, value)),
        "next", value, "error", error)),
      new Page("signin.jte", address, Map.of("byPassword", false, "buttons", List.of(), "next", "",
        "error", Optional.empty())),
      new Page("choose.jte", Optional.empty(), Map.of("user", value, "errand", value, "next", value, "error", error)),
      new Page("signout.jte", address, Map.of()),
      home(value, "", Optional.empty()),
      home(value, "/u/" + value, Optional.of(new Listing(List.of(), 1, 1))),
      home(value, "/u/" + value, Optional.of(new Listing(List.of(new Group("", List.of(user)),
        new Group(value, List.of(user))), 2, 3))));
  }

  private static Page home(String name, String ownAddress, Optional<Listing> others) {
    return new Page("home.jte", Optional.of("/" + name),
      Map.of("name", name, "ownAddress", ownAddress, "others", others));
  }
}
