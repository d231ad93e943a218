package io.anteroom.edge.http;

import java.util.List;
import java.util.Optional;

/**
 * An address below a student's prefix, split where the instance's own address begins.
 *
 * @param user   the student, decoded once
 * @param prefix raw, with a slash at its end
 * @param inner  raw path and query at the instance; does not begin with a slash when the prefix's own is missing
 */
public record StudentPath(String user, String prefix, RawUri inner) {
  /** The prefix of Anteroom's own files below a student's address. */
  public static final String OWN = "/_anteroom/";

  static final String SHORT = "/u/";
  private static final List<String> ROOTS = List.of(SHORT, "/api/v1/comfy/proxy/");

  /** Parses {@code uri}; empty when it is not below a student's prefix. */
  public static Optional<StudentPath> of(RawUri uri) {
    return ROOTS.stream()
      .filter(uri.text()::startsWith)
      .findFirst()
      .map(root -> part(root, uri));
  }

  /** Whether a page there would resolve its relative addresses against the wrong folder. */
  public boolean lacksSlash() {
    return !inner.text().startsWith("/");
  }

  /** The address with the missing slash. */
  public String withSlash() {
    return prefix + inner.query();
  }

  /** The same student's address for something else at the instance. */
  public String of(String rootedUri) {
    return prefix + rootedUri.substring(1);
  }

  private static StudentPath part(String root, RawUri uri) {
    String path = uri.path();
    int slash = path.indexOf('/', root.length());
    String front = slash < 0 ? path : path.substring(0, slash);
    return new StudentPath(RawUri.decoded(front.substring(root.length())), front + "/",
      new RawUri(uri.text().substring(front.length())));
  }
}
