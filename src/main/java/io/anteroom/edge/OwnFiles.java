package io.anteroom.edge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves what the page loads of ours: the files in {@code web/} on the class path. */
final class OwnFiles {
  private static final String FOLDER = "web/";
  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]*)(?:\\.([0-9a-f]{6,64}))?\\.([a-z]{2,5})");
  private static final Map<String, String> TYPES = Map.of(
    "js", "text/javascript; charset=utf-8",
    "css", "text/css; charset=utf-8",
    "json", "application/json; charset=utf-8",
    "svg", "image/svg+xml");

  private final Vertx vertx;
  /** What was read, by name without hash; only names of files that exist get in. Of this verticle's event loop. */
  private final Map<String, File> files = new HashMap<>();

  OwnFiles(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Sends a file; a name with the hash of another version of it gets the file that we have. */
  Future<Void> send(HttpServerRequest request, String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches() || !TYPES.containsKey(parts.group(3))) {
      return Future.failedFuture(Refusals.unknownPath(request.path()));
    }
    return file(parts.group(1) + "." + parts.group(3))
      .recover(missing -> Future.failedFuture(Refusals.unknownPath(request.path())))
      .compose(file -> send(request, file, parts.group(3), parts.group(2)));
  }

  private static Future<Void> send(HttpServerRequest request, File file, String ending, String hash) {
    boolean exactly = hash != null && file.hash().startsWith(hash);
    request.response()
      .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(ending))
      .putHeader(HttpHeaders.CACHE_CONTROL, exactly ? "public, max-age=31536000, immutable" : "no-cache");
    return Answers.send(request, file.content());
  }

  private Future<File> file(String name) {
    File known = files.get(name);
    return known != null ? Future.succeededFuture(known) : vertx.fileSystem().readFile(FOLDER + name)
      .map(File::of)
      .onSuccess(file -> files.put(name, file));
  }

  private record File(Buffer content, String hash) {
    static File of(Buffer content) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
        return new File(content, HexFormat.of().formatHex(digest));
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("every Java has SHA-256", impossible);
      }
    }
  }
}
