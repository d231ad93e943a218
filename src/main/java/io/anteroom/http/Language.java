package io.anteroom.http;

import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Locale;

/** The language of an answer. */
public enum Language {
  ENGLISH("en"),
  CHINESE("zh");

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  public String tag() {
    return tag;
  }

  /** The message of an error in this language. */
  public String sentence(ApiException error) {
    return this == CHINESE ? error.chinese() : error.english();
  }

  /** The first supported one in {@code Accept-Language}; browsers list the preferred one first. */
  public static Language of(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
    return Arrays.stream(accepted == null ? new String[0] : accepted.toLowerCase(Locale.ROOT).split(","))
      .flatMap(one -> Arrays.stream(values()).filter(language -> one.strip().startsWith(language.tag)))
      .findFirst()
      .orElse(ENGLISH);
  }
}
