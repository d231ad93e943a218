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
 * @param urls   {@code redis://}, {@code rediss://} or {@code unix://}; several for Sentinel and Cluster. May contain
 *               user and password, so they are never logged
 * @param mode   what the URLs lead to
 * @param master the master's name, for Sentinel
 * @param tls    for {@code rediss://}
 * @param ownSecret encrypts requests in place of the password
 */
public record RedisEndpoint(List<String> urls, Mode mode, String master, TlsTrust tls, Optional<String> ownSecret) {
  private static final Set<String> SCHEMES = Set.of("redis", "rediss", "unix");

  /** The kind of Redis. */
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

  /** With the certificates that Java trusts. */
  public RedisEndpoint(List<String> urls, Mode mode, String master) {
    this(urls, mode, master, TlsTrust.USUAL, Optional.empty());
  }

  /** One Redis at this URL. */
  public static RedisEndpoint standalone(String url) {
    return new RedisEndpoint(List.of(url), Mode.STANDALONE, "");
  }

  /** The Redis of these settings, which must name one. */
  public static RedisEndpoint of(Settings.Redis settings) {
    return new RedisEndpoint(RedisUrl.each(settings.url().orElseThrow()),
      Mode.valueOf(settings.type().toUpperCase(Locale.ROOT)), settings.master(), settings.tls(),
      settings.storage().secret());
  }

  /** The same with this secret. */
  public RedisEndpoint with(Optional<String> secret) {
    return new RedisEndpoint(urls, mode, master, tls, secret);
  }

  /** The secret that requests are encrypted with: all nodes have it, Redis does not store it. Empty for none. */
  public Optional<String> secret() {
    return ownSecret.or(() -> urls.stream().flatMap(url -> RedisUrl.password(url).stream()).sorted().findFirst());
  }

  /** The options of the client, which needs one connection. */
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

  /** TLS with trusted certificates that are valid for the host in the URL. */
  private void encrypt(NetClientOptions connection) {
    connection.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
    tls.trusted().ifPresent(connection::setTrustOptions);
    tls.shown().ifPresent(connection::setKeyCertOptions);
  }

  /** The URLs without user and password. */
  @Override
  public String toString() {
    return RedisUrl.hidden(String.join(",", urls));
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
}
