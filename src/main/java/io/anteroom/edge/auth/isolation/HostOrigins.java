package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.User;
import io.anteroom.edge.auth.isolation.StudentOrigins.Origins;
import io.anteroom.identity.Sha256;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Gives each student a host name below the public one: the user name where it is a valid label, else a hash of it. */
final class HostOrigins implements StudentOrigins {
  private static final Pattern LABEL = Pattern.compile("(?!x-|..--)[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
  private static final int BYTES_OF_HASH = 15;

  private final URI publicUrl;
  private final String suffix;

  HostOrigins(URI publicUrl) {
    this.publicUrl = publicUrl;
    this.suffix = "." + publicUrl.getHost();
  }

  @Override
  public Optional<String> at(HttpServerRequest request) {
    String host = Origins.host(request);
    return host.endsWith(suffix)
      ? Optional.of(host.substring(0, host.length() - suffix.length())) : Optional.empty();
  }

  @Override
  public Future<String> of(User student) {
    return Future.succeededFuture(label(student.name()));
  }

  /** Unique for each user: a name that looks like a hash is hashed. */
  static String label(String user) {
    return LABEL.matcher(user).matches() ? user : "x-" + HexFormat.of().formatHex(Sha256.of(user), 0, BYTES_OF_HASH);
  }

  @Override
  public String origin(HttpServerRequest request, String name) {
    return Origins.of(publicUrl.getScheme(), name + suffix, publicUrl.getPort());
  }

  @Override
  public String all(HttpServerRequest request) {
    return origin(request, "*");
  }

  @Override
  public String publicOrigin(HttpServerRequest request) {
    return publicUrl.toString();
  }
}
