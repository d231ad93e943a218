package io.anteroom.directory;

import io.anteroom.config.RedisUrl;
import io.anteroom.config.Settings;
import io.anteroom.config.SettingsValidator;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rejects instance URLs that would let students reach internal services through Anteroom (SSRF).
 *
 * <p>Checks addresses only. Names are not resolved, since they may resolve differently tomorrow.
 *
 * @param own Anteroom's own ports on this machine
 */
public record InstanceAddressPolicy(Set<Integer> own) {
  /** What every resolver takes for an address: digits with or without dots, and anything with a colon. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.*)?");
  private static final Pattern NUMBER = Pattern.compile("(?i)(0x[0-9a-f]*|\\d+)(\\.(0x[0-9a-f]*|\\d+))*");

  /** Takes its own ports from the settings. */
  static InstanceAddressPolicy of(Settings settings) {
    Set<Integer> own = new HashSet<>(SettingsValidator.ports(settings).values());
    settings.http().isolation().ports().all().forEach(own::add);
    settings.redis().url().ifPresent(
      urls -> RedisUrl.each(urls).stream().flatMapToInt(RedisUrl::port).forEach(own::add));
    return new InstanceAddressPolicy(Set.copyOf(own));
  }

  /** Why no instance may have this URL; empty if it may. */
  Optional<String> objection(URI url) {
    if (url.getHost() == null) {
      return Optional.of("has no host");
    }
    String host = url.getHost().replaceAll("^\\[|]$|\\.$", "").toLowerCase(Locale.ROOT);
    int port = new Instance("any", url, "any", 1).port();
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return ownPort(port);
    }
    if (!ADDRESS.matcher(host).matches()) {
      return NUMBER.matcher(host).matches()
        ? Optional.of("is a number that some resolvers take for an address") : Optional.empty();
    }
    try {
      return objection(InetAddress.getByName(host), port);
    } catch (UnknownHostException unreadable) {
      return Optional.of("is not a valid address");
    }
  }

  private Optional<String> objection(InetAddress address, int port) {
    if (address.isAnyLocalAddress()) {
      return Optional.of("is the unspecified address");
    }
    if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
      return Optional.of("is link-local or multicast: cloud metadata services are there, not a ComfyUI");
    }
    return isHere(address) ? ownPort(port) : Optional.empty();
  }

  private Optional<String> ownPort(int port) {
    return own.contains(port)
      ? Optional.of("is Anteroom's own port %d, which students must not reach".formatted(port))
      : Optional.empty();
  }

  private static boolean isHere(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return false;
    }
  }
}
