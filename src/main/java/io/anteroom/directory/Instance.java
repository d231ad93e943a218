package io.anteroom.directory;

import io.anteroom.config.OptionTypes;
import io.anteroom.config.Settings;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * One ComfyUI server.
 *
 * @param url   where it listens, with or without a path prefix
 * @param pool  the instances that serve the same users; its own name if it serves alone
 * @param slots tasks that it may run at once
 */
public record Instance(String name, URI url, String pool, int slots) {
  public static final Pattern NAME = OptionTypes.INSTANCE_NAME;

  public Instance {
    if (!isName(name) || !isName(pool) || slots < 1 || !Settings.isInstanceUrl(url)) {
      throw new IllegalArgumentException("not an instance: %s at %s, pool %s, slots %d"
        .formatted(name, url, pool, slots));
    }
  }

  /** Whether a text can be the name of an instance or a pool. */
  static boolean isName(String text) {
    return text != null && NAME.matcher(text).matches();
  }

  /** The path prefix without a trailing slash; mostly empty. */
  public String basePath() {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** The port, explicit or the default of the scheme. */
  public int port() {
    return url.getPort() >= 0 ? url.getPort() : isTls() ? 443 : 80;
  }

  public boolean isTls() {
    return "https".equals(url.getScheme());
  }
}
