package io.anteroom.config;

import java.util.List;
import java.util.regex.Pattern;

/** What a Redis address may show of itself: it can carry a password. */
public final class RedisUrl {
  private static final Pattern BETWEEN = Pattern.compile("\\s*,\\s*(?=rediss?://|unix://)");
  private static final Pattern USER_INFO = Pattern.compile("^(\\w+://)?.*@");
  private static final Pattern PARAMETER = Pattern.compile("(?i)(password|user)=[^&]*");

  private RedisUrl() {
  }

  /** The single addresses of a list; a comma inside a password does not part them. */
  public static List<String> each(String urls) {
    return List.of(BETWEEN.split(urls.strip()));
  }

  /** The same with {@code ***} for user and password. */
  public static String hidden(String urls) {
    return String.join(",", each(urls).stream().map(RedisUrl::hiddenOne).toList());
  }

  private static String hiddenOne(String url) {
    String noUser = USER_INFO.matcher(url).replaceFirst("$1***@");
    return PARAMETER.matcher(noUser).replaceAll("$1=***");
  }
}
