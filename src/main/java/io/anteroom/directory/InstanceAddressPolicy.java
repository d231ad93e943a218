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
 * Says where no instance can be, since whatever a student asks of his instance is asked there in Anteroom's name.
 *
 * <p>Addresses are looked at, names are not asked for: they may lead elsewhere tomorrow.
 *
 * @param own Anteroom's own ports on this machine
 */
public record InstanceAddressPolicy(Set<Integer> own) {
  /** What every resolver reads as an address: dotted or not, and all that has a colon. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.*)?");
  private static final Pattern NUMBER = Pattern.compile("(?i)(0x[0-9a-f]*|\\d+)(\\.(0x[0-9a-f]*|\\d+))*");

  /** Knows the ports that these settings give away. */
  static InstanceAddressPolicy of(Settings settings) {
    Set<Integer> own = new HashSet<>(SettingsValidator.ports(settings).values());
    settings.http().isolation().ports().all().forEach(own::add);
    settings.redis().url().ifPresent(
      urls -> RedisUrl.each(urls).stream().flatMapToInt(RedisUrl::port).forEach(own::add));
    return new InstanceAddressPolicy(Set.copyOf(own));
  }

  /** Why no instance can be there; empty when one can. */
  Optional<String> objection(URI url) {
    if (url.getHost() == null) {
      return Optional.of("names no host");
    }
    String host = url.getHost().replaceAll("^\\[|]$|\\.$", "").toLowerCase(Locale.ROOT);
    int port = new Instance("any", url, "any", 1).port();
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return ownPort(port);
    }
    if (!ADDRESS.matcher(host).matches()) {
      return NUMBER.matcher(host).matches()
        ? Optional.of("is a number that some read as an address") : Optional.empty();
    }
    try {
      return objection(InetAddress.getByName(host), port);
    } catch (UnknownHostException unreadable) {
      return Optional.of("is no address");
    }
  }

  private Optional<String> objection(InetAddress address, int port) {
    if (address.isAnyLocalAddress()) {
      return Optional.of("is no address that one can ask");
    }
    if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
      return Optional.of("is link-local or multicast: clouds tell their secrets there, and no ComfyUI listens");
    }
    return isHere(address) ? ownPort(port) : Optional.empty();
  }

  private Optional<String> ownPort(int port) {
    return own.contains(port)
      ? Optional.of("is Anteroom's own port %d: students would reach what is not for them".formatted(port))
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
