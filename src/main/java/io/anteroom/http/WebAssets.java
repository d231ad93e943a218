package io.anteroom.http;

import io.anteroom.identity.Sha256;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that Anteroom adds to ComfyUI's page, read once from the class path {@code web/}.
 *
 * <p>A file may be requested with a version in its name, {@code boot.0123456789.js}. Every version returns the current
 * file, so that a page from before an upgrade still works.
 */
public final class WebAssets {
  private static final Pattern NAME = Pattern.compile("([a-z][a-z-]{0,30})(?:\\.[0-9a-f]{10})?\\.(js|css|html|svg)");
  private static final String BOOT = "boot";
  private static final String WIDGET = "widget";
  private static final String EXTENSION = "extension";

  private final Map<String, Buffer> read = new ConcurrentHashMap<>();

  /** The file of this name; empty if there is none. */
  public Optional<Buffer> find(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? content(matcher.group(1) + "." + matcher.group(2)) : Optional.empty();
  }

  /** The versioned name of the boot script; it loads the rest with the same version. */
  public String bootName() {
    return "%s.%s.js".formatted(BOOT, version());
  }

  /** The versioned name of the module that loads the boot script into a page whose head lacks it. */
  public String extensionName() {
    return "%s.%s.js".formatted(EXTENSION, version());
  }

  /** A hash of the scripts. */
  public String version() {
    MessageDigest sha = Sha256.digest();
    sha.update(script(BOOT).getBytes());
    sha.update(script(WIDGET).getBytes());
    sha.update(script(EXTENSION).getBytes());
    return HexFormat.of().formatHex(sha.digest()).substring(0, 10);
  }

  private Buffer script(String name) {
    return find(name + ".js")
      .orElseThrow(() -> new IllegalStateException("web/%s.js is not on the class path".formatted(name)));
  }

  private Optional<Buffer> content(String name) {
    Buffer known = read.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Buffer> found = load(name);
    found.ifPresent(content -> read.put(name, content));
    return found;
  }

  private static Optional<Buffer> load(String name) {
    try (InputStream in = WebAssets.class.getResourceAsStream("/web/" + name)) {
      return in == null ? Optional.empty() : Optional.of(Buffer.buffer(in.readAllBytes()));
    } catch (IOException broken) {
      throw new UncheckedIOException("web/" + name + " cannot be read from the class path", broken);
    }
  }
}
