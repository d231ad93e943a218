package io.anteroom.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the edge authenticates users.
 *
 * @param ways     the enabled sign-in methods; {@code OPEN} excludes all others
 * @param lifetime of a sign-in
 */
public record AuthSettings(
    Set<Way> ways, boolean openOnNetwork, Duration lifetime, Optional<Path> passwords, Claims claims, Jwt jwt,
    Header header, Oidc oidc, Lti lti) {

  /** A sign-in method. */
  public enum Way {
    /** None: every client acts as the user in the path. */
    OPEN,
    /** A password or one-time code that Anteroom stores. */
    USERS,
    /** A JWT of the teaching system, as a cookie or as {@code Authorization: Bearer}. */
    JWT,
    /** A header that a trusted proxy sets. */
    HEADER,
    /** OpenID Connect. */
    OIDC,
    /** A launch from Moodle, Canvas or another platform by LTI 1.3. */
    LTI
  }

  /** Whether users are not authenticated. */
  public boolean isOpen() {
    return ways.contains(Way.OPEN);
  }

  /** The same without authentication. */
  public AuthSettings open() {
    return new AuthSettings(Set.of(Way.OPEN), openOnNetwork, lifetime, passwords, claims, jwt, header, oidc, lti);
  }

  public boolean has(Way way) {
    return ways.contains(way);
  }

  /**
   * The claims of a token that Anteroom reads.
   *
   * @param teachers values of the role claim that make a teacher
   * @param admins   values of the role claim that make an admin; none by default
   */
  public record Claims(String user, String groups, String role, Set<String> teachers, Set<String> admins) {
  }

  /**
   * JWTs of the teaching system.
   *
   * @param secret the shared secret, for HS256
   * @param keys   a file or an https URL of its public keys, for RS256 and ES256
   * @param cookie the name of the cookie with the token, besides {@code Authorization}
   */
  public record Jwt(
      Optional<String> secret, Optional<String> keys, String issuer, String audience, Optional<String> cookie) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Jwt[secret=%s, keys=%s, issuer=%s, audience=%s, cookie=%s]"
        .formatted(secret.map(hidden -> "***"), keys, issuer, audience, cookie);
    }
  }

  /** The headers that a trusted proxy sets: user name, display name, groups. */
  public record Header(String user, String name, String groups) {
  }

  /** The OpenID Connect provider, and our registration there. */
  public record Oidc(Optional<URI> issuer, String clientId, Optional<String> clientSecret, List<String> scopes) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Oidc[issuer=%s, clientId=%s, clientSecret=%s, scopes=%s]"
        .formatted(issuer, clientId, clientSecret.map(hidden -> "***"), scopes);
    }
  }

  /**
   * The LTI 1.3 platform, and our registration there.
   *
   * @param login       its authentication URL
   * @param keys        the URL of its public keys
   * @param deployments the deployments that may launch
   */
  public record Lti(
      Optional<URI> issuer, String clientId, Optional<URI> login, Optional<URI> keys, Set<String> deployments) {
  }
}
