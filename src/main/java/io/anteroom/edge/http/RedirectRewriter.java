package io.anteroom.edge.http;

import io.anteroom.directory.Instance;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rewrites an instance's redirects to stay within its student's prefix; drops those to other sites or other students
 * (open redirect, CWE-601).
 *
 * <p>An instance does not know its public address: its root is below a prefix, and its own address is useless to a
 * browser.
 *
 * @param instance that redirects
 * @param prefix   of its root, with a slash at its end
 */
public record RedirectRewriter(Instance instance, String prefix) {
  /** Characters that browsers remove from an address before they parse it. */
  private static final Pattern IGNORED = Pattern.compile("^[\\x00-\\x20]+|[\\t\\r\\n]|[\\x00-\\x20]+$");

  /** For a request to {@code inner} at the instance that the browser sent as {@code asked}. */
  public static RedirectRewriter of(Instance instance, String asked, RawUri inner) {
    String prefix = asked.endsWith(inner.text()) ? asked.substring(0, asked.length() - inner.text().length()) : "";
    return new RedirectRewriter(instance, prefix + "/");
  }

  /** The location for the browser; empty when the redirect is not allowed. */
  public Optional<String> rewrite(String location) {
    String cleaned = IGNORED.matcher(location).replaceAll("").replace('\\', '/');
    try {
      URI target = new URI(cleaned);
      if (target.isAbsolute() || target.getRawAuthority() != null) {
        return isOfInstance(target) ? Optional.of(below(rest(target))).filter(this::staysBelow) : Optional.empty();
      }
      if (cleaned.startsWith("//")) {
        return Optional.empty();
      }
      return Optional.of(cleaned.startsWith("/") ? below(cleaned) : cleaned).filter(this::staysBelow);
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

  /** Path, query and fragment of an address, unchanged. */
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
  private boolean staysBelow(String location) {
    return new RawUri("/" + location.replaceFirst("#.*", "").replaceFirst("^/", "")).isSafe();
  }
}
