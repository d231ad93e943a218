package io.anteroom.redis;

import io.anteroom.config.RedisUrl;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.TlsTrust;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach Redis.
 *
 * @param urls   {@code redis://}, {@code rediss://} or {@code unix://}; several for Sentinel and Cluster. May carry
 *               user and password, so they are never logged
 * @param mode   what stands there
 * @param master the master's name, for Sentinel
 * @param tls    for {@code rediss://}
 * @param ownSecret what requests are encrypted with in place of the password
 */
public record RedisEndpoint(List<String> urls, Mode mode, String master, TlsTrust tls, Optional<String> ownSecret) {
  private static final Set<String> SCHEMES = Set.of("redis", "rediss", "unix");

  /** What kind of Redis it is. */
  public enum Mode { STANDALONE, SENTINEL, CLUSTER }

  public RedisEndpoint {
    urls = List.copyOf(urls);
    if (urls.isEmpty() || mode == Mode.STANDALONE && urls.size() > 1) {
      throw new IllegalArgumentException(
        "%d URLs do not make a Redis of mode %s".formatted(urls.size(), mode.name().toLowerCase(Locale.ROOT)));
    }
    urls.forEach(RedisEndpoint::check);
    if (mode == Mode.SENTINEL && master.isBlank()) {
      throw new IllegalArgumentException("Redis Sentinel needs the name of its master");
    }
  }

  /** Without certificates of our own choice. */
  public RedisEndpoint(List<String> urls, Mode mode, String master) {
    this(urls, mode, master, TlsTrust.USUAL, Optional.empty());
  }

  /** One Redis at this URL. */
  public static RedisEndpoint standalone(String url) {
    return new RedisEndpoint(List.of(url), Mode.STANDALONE, "");
  }

  /** The one that the settings name; they must name one. */
  public static RedisEndpoint of(Settings.Redis settings) {
    return new RedisEndpoint(RedisUrl.each(settings.url().orElseThrow()),
      Mode.valueOf(settings.type().toUpperCase(Locale.ROOT)), settings.master(), settings.tls(),
      settings.storage().secret());
  }

  /** The same with a secret of one's own. */
  public RedisEndpoint with(Optional<String> secret) {
    return new RedisEndpoint(urls, mode, master, tls, secret);
  }

  /** What requests are encrypted with: all nodes know it, and Redis does not keep it. Empty without a password. */
  public Optional<String> secret() {
    return ownSecret.or(() -> urls.stream().flatMap(url -> RedisUrl.password(url).stream()).sorted().findFirst());
  }

  /** The same for the client; one connection is all that is used. */
  RedisOptions options() {
    RedisOptions options = new RedisOptions()
      .setType(RedisClientType.valueOf(mode.name()))
      .setEndpoints(urls)
      .setMaxPoolSize(mode == Mode.STANDALONE ? 1 : 6);
    if (urls.stream().allMatch(url -> url.startsWith("rediss:"))) {
      encrypt(options.getNetClientOptions());
    }
    return mode == Mode.SENTINEL ? options.setMasterName(master) : options;
  }

  /** With certificates that are believed, and for the name by which Redis is called. */
  private void encrypt(NetClientOptions connection) {
    connection.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
    tls.trusted().ifPresent(connection::setTrustOptions);
    tls.shown().ifPresent(connection::setKeyCertOptions);
  }

  /** Where it is, without user and password. */
  @Override
  public String toString() {
    return String.join(",", urls.stream().map(RedisEndpoint::withoutSecrets).toList());
  }

  private static void check(String url) {
    try {
      URI uri = new URI(url).parseServerAuthority();
      if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
        throw new IllegalArgumentException("a URL of Redis starts with redis://, rediss:// or unix://");
      }
    } catch (URISyntaxException wrong) {
      throw new IllegalArgumentException(
        "a URL of Redis is not well formed at character %d: %s".formatted(wrong.getIndex(), wrong.getReason()));
    }
  }

  private static String withoutSecrets(String url) {
    URI uri = URI.create(url);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + (uri.getHost() == null ? uri.getPath() : uri.getHost() + port);
  }
}
