package io.anteroom.edge.student;

import io.anteroom.edge.http.Answers;
import io.anteroom.edge.http.Refusals;
import io.anteroom.http.WebFiles;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Serves what the page loads of ours. */
public final class OwnFiles {
  private static final Map<String, String> TYPES = Map.of(
    "js", "text/javascript; charset=utf-8",
    "css", "text/css; charset=utf-8",
    "html", "text/html; charset=utf-8",
    "svg", "image/svg+xml");

  private final WebFiles files;
  private final String version;

  public OwnFiles(WebFiles files) {
    this.files = files;
    this.version = "." + files.version() + ".";
  }

  /** Sends a file; a name with another version in it gets the file that we have. */
  Future<Void> send(HttpServerRequest request, String name) {
    return files.find(name).map(content -> send(request, name, content))
      .orElseGet(() -> Future.failedFuture(Refusals.unknownPath(request.path())));
  }

  private Future<Void> send(HttpServerRequest request, String name, Buffer content) {
    request.response()
      .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
      .putHeader(HttpHeaders.CACHE_CONTROL,
        name.contains(version) ? "public, max-age=31536000, immutable" : "no-cache");
    return Answers.send(request, content);
  }
}
