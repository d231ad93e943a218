package io.anteroom.edge.http;

import io.anteroom.directory.Instance;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps an instance's redirects within the part of the address that is its student's.
 *
 * <p>An instance does not know where it is seen: what it calls its root is below a prefix, and its own address is of no
 * use to a browser. Where it sends elsewhere, to another site or another student, nobody is sent.
 *
 * @param instance who redirects
 * @param prefix   where its root is seen, with a slash at its end
 */
public record RedirectRewriter(Instance instance, String prefix) {
  /** What browsers leave out of an address before they read it. */
  private static final Pattern IGNORED = Pattern.compile("^[\\x00-\\x20]+|[\\t\\r\\n]|[\\x00-\\x20]+$");

  /** Those of an instance whose address {@code inner} was asked for as {@code asked}. */
  public static RedirectRewriter of(Instance instance, String asked, RawUri inner) {
    String prefix = asked.endsWith(inner.text()) ? asked.substring(0, asked.length() - inner.text().length()) : "";
    return new RedirectRewriter(instance, prefix + "/");
  }

  /** Where the browser may be sent instead; empty for nowhere. */
  public Optional<String> lead(String location) {
    String read = IGNORED.matcher(location).replaceAll("").replace('\\', '/');
    try {
      URI target = new URI(read);
      if (target.isAbsolute() || target.getRawAuthority() != null) {
        return isOfInstance(target) ? Optional.of(below(rest(target))).filter(this::stays) : Optional.empty();
      }
      if (read.startsWith("//")) {
        return Optional.empty();
      }
      return Optional.of(read.startsWith("/") ? below(read) : read).filter(this::stays);
    } catch (URISyntaxException unreadable) {
      return Optional.empty();
    }
  }

  private boolean isOfInstance(URI target) {
    return target.getHost() != null && target.getUserInfo() == null
      && target.getHost().equalsIgnoreCase(instance.url().getHost())
      && (target.getPort() < 0 ? standardPort(target) : target.getPort()) == instance.port();
  }

  private static int standardPort(URI target) {
    return "https".equalsIgnoreCase(target.getScheme()) ? 443 : 80;
  }

  /** Path, query and fragment of an address, as they stand. */
  private static String rest(URI target) {
    String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
    return path + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery())
      + (target.getRawFragment() == null ? "" : "#" + target.getRawFragment());
  }

  private String below(String rooted) {
    String base = instance.basePath();
    String own = !base.isEmpty() && (rooted + "/").startsWith(base + "/") ? rooted.substring(base.length()) : rooted;
    return prefix + own.replaceFirst("^/+", "");
  }

  /** A relative address could climb to another student's. */
  private boolean stays(String location) {
    return new RawUri("/" + location.replaceFirst("#.*", "").replaceFirst("^/", "")).isSafe();
  }
}
