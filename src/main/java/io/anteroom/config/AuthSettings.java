package io.anteroom.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the edge knows who somebody is.
 *
 * @param ways     those that are open; {@code OPEN} stands alone
 * @param lifetime of a sign-in, after which it is asked for again
 */
public record AuthSettings(
    Set<Way> ways, boolean openOnNetwork, Duration lifetime, Optional<Path> passwords, Claims claims, Jwt jwt,
    Header header, Oidc oidc, Lti lti) {

  /** A way to prove who one is. */
  public enum Way {
    /** None: everybody is the one in the path. */
    OPEN,
    /** A password or a one-time code of our own. */
    USERS,
    /** A token of the teaching system, as a cookie or as {@code Authorization: Bearer}. */
    JWT,
    /** A header that a proxy of the lab sets. */
    HEADER,
    /** OpenID Connect. */
    OIDC,
    /** A launch from Moodle, Canvas or another platform by LTI 1.3. */
    LTI
  }

  /** Whether anybody is believed to be whoever he says he is. */
  public boolean isOpen() {
    return ways.contains(Way.OPEN);
  }

  /** The same, but open to all. */
  public AuthSettings open() {
    return new AuthSettings(Set.of(Way.OPEN), openOnNetwork, lifetime, passwords, claims, jwt, header, oidc, lti);
  }

  public boolean has(Way way) {
    return ways.contains(way);
  }

  /**
   * What the claims of a token mean here.
   *
   * @param teachers the roles in it that make a teacher
   * @param admins   the roles in it that make an admin; none unless the lab says so
   */
  public record Claims(String user, String groups, String role, Set<String> teachers, Set<String> admins) {
  }

  /**
   * A token of the teaching system.
   *
   * @param secret shared with it, for HS256
   * @param keys   a file or an https address of its public keys, for RS256 and ES256
   * @param cookie in which it comes, besides {@code Authorization}
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

  /** The headers that a trusted proxy sets: who, in what words, in which groups. */
  public record Header(String user, String name, String groups) {
  }

  /** The identity provider of OpenID Connect, and how we are known there. */
  public record Oidc(Optional<URI> issuer, String clientId, Optional<String> clientSecret, List<String> scopes) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Oidc[issuer=%s, clientId=%s, clientSecret=%s, scopes=%s]"
        .formatted(issuer, clientId, clientSecret.map(hidden -> "***"), scopes);
    }
  }

  /**
   * The platform that launches by LTI 1.3, and how we are known there.
   *
   * @param login       where it answers our authentication request
   * @param keys        where its public keys are
   * @param deployments those that may launch
   */
  public record Lti(
      Optional<URI> issuer, String clientId, Optional<URI> login, Optional<URI> keys, Set<String> deployments) {
  }
}
