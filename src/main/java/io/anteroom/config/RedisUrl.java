package io.anteroom.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Splits Redis URLs and hides the credentials in them. */
public final class RedisUrl {
  private static final Pattern BETWEEN = Pattern.compile("\\s*,\\s*(?=rediss?://|unix://)");
  private static final Pattern USER_INFO = Pattern.compile("^(\\w+://)?.*@");
  private static final Pattern PORT = Pattern.compile("//(?:[^/]*@)?[^/@]*?:(\\d{1,5})(?:[/?].*)?$");
  private static final int DEFAULT_PORT = 6379;
  private static final Pattern PASSWORD = Pattern.compile("(?i)(?:^|&)password=([^&]*)");
  private static final Pattern PARAMETER = Pattern.compile("(?i)(password|user)=[^&]*");

  private RedisUrl() {
  }

  /** The single URLs of a list; a comma inside a password does not separate them. */
  public static List<String> each(String urls) {
    return List.of(BETWEEN.split(urls.strip()));
  }

  /** The same with {@code ***} in place of user and password. */
  public static String hidden(String urls) {
    return String.join(",", each(urls).stream().map(RedisUrl::hiddenOne).toList());
  }

  /** The port of one of these URLs; none for a Unix socket. */
  public static IntStream port(String url) {
    if (!url.matches("rediss?://.*")) {
      return IntStream.empty();
    }
    Matcher port = PORT.matcher(url);
    return IntStream.of(port.find() ? Integer.parseInt(port.group(1)) : DEFAULT_PORT);
  }

  /** The password in one of these URLs. */
  public static Optional<String> password(String url) {
    URI uri = URI.create(url);
    String user = Optional.ofNullable(uri.getUserInfo()).orElse("");
    Matcher parameter = PASSWORD.matcher(Optional.ofNullable(uri.getQuery()).orElse(""));
    return Optional.of(user.substring(user.indexOf(':') + 1)).filter(found -> user.contains(":"))
      .or(() -> parameter.find() ? Optional.of(parameter.group(1)) : Optional.empty())
      .filter(found -> !found.isEmpty());
  }

  private static String hiddenOne(String url) {
    String noUser = USER_INFO.matcher(url).replaceFirst("$1***@");
    return PARAMETER.matcher(noUser).replaceAll("$1=***");
  }
}
