package io.anteroom.config;

import io.anteroom.net.CidrRange;
import io.anteroom.net.Loopback;
import io.anteroom.net.PortRange;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of settings. */
public final class OptionTypes {
  /** The name of an instance or a pool: letters and digits of any script, and {@code ._@-} inside. */
  public static final Pattern INSTANCE_NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]{0,63}");

  private static final int MAX_PORT = 65_535;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(B|KB|MB|GB)", Pattern.CASE_INSENSITIVE);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
  private static final Pattern MEMBER = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9][A-Za-z0-9.-]*):(\\d{1,5})");
  private static final Pattern REDIS_URL = Pattern.compile("(rediss?://(\\S*@)?[^\\s,/@?]|unix:///)\\S*");
  private static final Map<String, Long> BYTES = Map.of("B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);

  private OptionTypes() {
  }

  static OptionType<String> text(String expected, Pattern pattern) {
    return new OptionType<>(expected, text -> Optional.of(text).filter(pattern.asMatchPredicate()));
  }

  static OptionType<String> word(String... words) {
    return new OptionType<>("one of " + String.join(", ", words),
      text -> Optional.of(text.toLowerCase(Locale.ROOT)).filter(List.of(words)::contains));
  }

  static OptionType<String> host() {
    return text("a host name or an address of this machine", HOST);
  }

  static OptionType<Boolean> yesOrNo() {
    return new OptionType<>("true or false",
      text -> "true".equalsIgnoreCase(text) || "false".equalsIgnoreCase(text)
        ? Optional.of(Boolean.valueOf(text)) : Optional.empty());
  }

  public static OptionType<Integer> number(int min, int max) {
    return new OptionType<>("a whole number, %d to %d".formatted(min, max),
      text -> text.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.<Integer>empty())
      .only("a whole number, %d to %d".formatted(min, max), number -> number >= min && number <= max);
  }

  static OptionType<Integer> port() {
    return number(1, MAX_PORT).only("a port, 1-" + MAX_PORT, port -> true);
  }

  static OptionType<PortRange> ports() {
    return new OptionType<>("a port range such as 8201-8260, or nothing",
      text -> text.isEmpty() ? Optional.of(PortRange.EMPTY) : PortRange.of(text));
  }

  static OptionType<Duration> duration(String min, String max) {
    Duration from = duration(min).orElseThrow();
    Duration to = duration(max).orElseThrow();
    return new OptionType<>("a duration from %s to %s, such as 500ms, 15s, 10m or 24h".formatted(min, max),
      text -> duration(text).filter(time -> time.compareTo(from) >= 0 && time.compareTo(to) <= 0));
  }

  /** The format of the feasibility study: a bare number of seconds. */
  static OptionType<Duration> seconds(int max) {
    OptionType<Integer> number = number(1, max);
    return new OptionType<>("a whole number of seconds, 1 to " + max,
      text -> number.read(text).map(Duration::ofSeconds));
  }

  static OptionType<Long> size(String min, String max) {
    long from = size(min).orElseThrow();
    long to = size(max).orElseThrow();
    return new OptionType<>("a size from %s to %s, such as 512KB, 100MB or 1GB".formatted(min, max),
      text -> size(text).filter(bytes -> bytes >= from && bytes <= to));
  }

  static OptionType<Path> path() {
    return new OptionType<>("a path", text -> {
      try {
        return Optional.of(text).filter(Predicate.not(String::isEmpty)).map(Path::of);
      } catch (InvalidPathException impossible) {
        return Optional.empty();
      }
    });
  }

  public static <E extends Enum<E>> OptionType<E> oneOf(Class<E> type) {
    Map<String, E> words = words(type);
    return new OptionType<>("one of " + String.join(", ", words.keySet()),
      text -> Optional.ofNullable(words.get(text.toLowerCase(Locale.ROOT))));
  }

  static <E extends Enum<E>> OptionType<Set<E>> someOf(Class<E> type) {
    Map<String, E> words = words(type);
    return new OptionType<>("one or more of %s, separated by commas".formatted(String.join(", ", words.keySet())),
      text -> each(text, word -> Optional.ofNullable(words.get(word.toLowerCase(Locale.ROOT))))
        .filter(Predicate.not(List::isEmpty)).map(Set::copyOf));
  }

  static OptionType<String> anyText() {
    return text("a text of 500 characters at most", Pattern.compile("\\P{Cntrl}{0,500}"));
  }

  static OptionType<List<String>> words() {
    return new OptionType<>("words separated by commas", text -> each(text, Optional::of));
  }

  /** The URL of another service: https, or http on this machine. */
  static OptionType<Optional<URI>> webAddress() {
    return new OptionType<>("an https URL, or http on loopback, without a user", OptionTypes::serviceAddress)
      .orNothing();
  }

  static OptionType<List<String>> members() {
    return new OptionType<>("host:port,host:port,…", text -> each(text, OptionTypes::member));
  }

  /** One URL, or the URLs of all sentinels or cluster nodes. */
  static OptionType<String> redisUrl() {
    return new OptionType<>("redis://host:port, rediss://… for TLS or unix:///…, several separated by commas,"
      + " special characters of a password percent-encoded",
      text -> RedisUrl.each(text).stream()
        .allMatch(url -> REDIS_URL.matcher(url).matches() && uri(url).filter(URI::isAbsolute).isPresent())
        ? Optional.of(text) : Optional.empty());
  }

  /** A web origin: nothing after host and port, and no default port. */
  static OptionType<URI> origin() {
    return new OptionType<>("an origin as the browser shows it: https://host or http://host:port, nothing after it",
      text -> uri(text.toLowerCase(Locale.ROOT).replaceFirst("/$", ""))
        .filter(uri -> Settings.isInstanceUrl(uri) && uri.getRawPath().isEmpty())
        .map(OptionTypes::withoutDefaultPort));
  }

  /** A list of CIDR ranges. A range of all addresses is refused: it would trust every client. */
  static OptionType<List<CidrRange>> addressRanges() {
    return new OptionType<>("addresses and CIDR ranges such as 10.1.2.3, 10.1.2.0/24 or fd00:1::/64, separated by"
      + " commas, each range by its lowest address and none of all addresses",
      text -> each(text, part -> CidrRange.of(part).filter(range -> range.bits() > 0)));
  }

  private static URI withoutDefaultPort(URI origin) {
    int defaultPort = "https".equals(origin.getScheme()) ? 443 : 80;
    return origin.getPort() == defaultPort ? URI.create(origin.toString().replaceFirst(":\\d+$", "")) : origin;
  }

  private static Optional<URI> serviceAddress(String text) {
    return uri(text).filter(uri -> uri.getHost() != null && uri.getUserInfo() == null)
      .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && Loopback.is(uri.getHost()));
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException impossible) {
      return Optional.empty();
    }
  }


  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    });
  }

  private static Optional<Long> size(String text) {
    Matcher matcher = SIZE.matcher(text);
    return matcher.matches()
      ? Optional.of(Long.parseLong(matcher.group(1)) * BYTES.get(matcher.group(2).toUpperCase(Locale.ROOT)))
      : Optional.empty();
  }

  private static Optional<String> member(String text) {
    Matcher matcher = MEMBER.matcher(text);
    return matcher.matches() ? port().read(matcher.group(2)).map(port -> text) : Optional.empty();
  }

  /** All parts of a list, or empty when one of them is invalid. */
  private static <T> Optional<List<T>> each(String text, Function<String, Optional<T>> reader) {
    List<Optional<T>> parts = Arrays.stream(text.split(",")).map(String::strip)
      .filter(Predicate.not(String::isEmpty)).map(reader).toList();
    return parts.stream().allMatch(Optional::isPresent)
      ? Optional.of(parts.stream().map(Optional::orElseThrow).toList()) : Optional.empty();
  }

  private static <E extends Enum<E>> Map<String, E> words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(
      constant -> constant.name().toLowerCase(Locale.ROOT), Function.identity(), (one, other) -> one, TreeMap::new));
  }
}
