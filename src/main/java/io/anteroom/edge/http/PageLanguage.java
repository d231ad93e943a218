package io.anteroom.edge.http;

import io.anteroom.http.Language;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The language in which a page is written: the one its {@code ?lang=} link chooses, else the one of the cookie that
 * keeps that choice, else what {@code Accept-Language} prefers.
 *
 * @param address of the page, to which its link to the other language leads; empty for a page without such a link
 */
public record PageLanguage(Language language, Optional<String> address) {
  /** Begins as all cookies of Anteroom do, so that no instance sees or sets it. */
  private static final String COOKIE = "anteroom-lang";
  private static final String PARAMETER = "lang=";
  private static final Duration KEPT = Duration.ofDays(365);

  /** Reads it from the request; a choice made by the request itself is kept in the browser. */
  static PageLanguage of(HttpServerRequest request, Optional<String> address) {
    Optional<Language> chosen = chosen(new RawUri(request.uri()).query());
    chosen.ifPresent(language -> request.response().headers().add(HttpHeaders.SET_COOKIE,
      "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax".formatted(COOKIE, language.tag(), KEPT.toSeconds())));
    return new PageLanguage(chosen.or(() -> kept(request)).orElseGet(() -> Language.of(request)), address);
  }

  /** The text in this language, with the values in their places. */
  public String text(String english, String chinese, Object... values) {
    return (language == Language.CHINESE ? chinese : english).formatted(values);
  }

  /** As {@code <html lang>} names it: browsers choose the font by it. */
  public String tag() {
    return text("en", "zh-CN");
  }

  /** As its speakers call it. */
  public String name() {
    return text("English", "中文");
  }

  public PageLanguage other() {
    return new PageLanguage(language == Language.CHINESE ? Language.ENGLISH : Language.CHINESE, address);
  }

  public boolean hasSwitch() {
    return address.isPresent();
  }

  /** The same page in the other language. */
  public String switchAddress() {
    String page = address.orElseThrow();
    return page + (page.contains("?") ? "&" : "?") + PARAMETER + other().language.tag();
  }

  /** Several choices at once are none. */
  private static Optional<Language> chosen(String query) {
    List<String> values = Arrays.stream(query.replaceFirst("^\\?", "").split("&"))
      .filter(parameter -> parameter.startsWith(PARAMETER)).toList();
    return values.size() == 1 ? named(values.get(0).substring(PARAMETER.length())) : Optional.empty();
  }

  private static Optional<Language> kept(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(COOKIE)).flatMap(cookie -> named(cookie.getValue()));
  }

  private static Optional<Language> named(String tag) {
    return Arrays.stream(Language.values()).filter(language -> language.tag().equals(tag)).findFirst();
  }
}
