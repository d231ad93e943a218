package io.anteroom.edge.auth.lti;

import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The verified claims of an LTI launch, and whether it is meant for Anteroom. */
record LtiLaunch(JWTClaimsSet claims) {
  /** An older token was not issued for the click that brought it. */
  private static final Duration MAX_AGE = Duration.ofSeconds(600);

  /** Which claim is wrong; empty when all are right. */
  Optional<String> fault(Set<String> deployments, Instant now) {
    if (!LtiClaims.VERSION_1_3.equals(text(LtiClaims.VERSION))) {
      return Optional.of("LTI version");
    }
    if (!LtiClaims.RESOURCE_LINK_REQUEST.equals(text(LtiClaims.MESSAGE_TYPE))) {
      return Optional.of("LTI message_type");
    }
    if (!deployments.contains(text(LtiClaims.DEPLOYMENT))) {
      return Optional.of("LTI deployment_id");
    }
    if (idOf(LtiClaims.RESOURCE_LINK).isEmpty()) {
      return Optional.of("LTI resource_link");
    }
    return claims.getIssueTime().toInstant().plus(MAX_AGE).isBefore(now)
      ? Optional.of("iat") : Optional.empty();
  }

  /** The course that it comes from, as a group. */
  Set<String> groups() {
    return idOf(LtiClaims.CONTEXT).map(Set::of).orElse(Set.of());
  }

  /** The roles in that course, as {@code Instructor}; older platforms send the short form without an address. */
  Set<String> roles() {
    return claims.getClaim(LtiClaims.ROLES) instanceof Collection<?> roles
      ? roles.stream().filter(String.class::isInstance).map(String.class::cast)
        .map(role -> role.startsWith(LtiClaims.ROLE_IN_COURSE)
          ? role.substring(LtiClaims.ROLE_IN_COURSE.length()) : role)
        .filter(word -> word.matches("\\w+"))
        .collect(Collectors.toSet())
      : Set.of();
  }

  /** The path of the target link alone, whatever site it names (open redirect, CWE-601). */
  String next() {
    try {
      URI target = URI.create(text(LtiClaims.TARGET));
      return target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
    } catch (IllegalArgumentException notAnAddress) {
      return "";
    }
  }

  private String text(String claim) {
    return claims.getClaim(claim) instanceof String text ? text : "";
  }

  private Optional<String> idOf(String claim) {
    return claims.getClaim(claim) instanceof Map<?, ?> object && object.get(LtiClaims.ID) instanceof String id
      && !id.isBlank() ? Optional.of(id) : Optional.empty();
  }

  /** The names in an LTI 1.3 launch (1EdTech, LTI Core 1.3, 5.3). */
  static final class LtiClaims {
    static final String VERSION_1_3 = "1.3.0";
    static final String RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest";
    static final String ID = "id";

    private static final String CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
    static final String VERSION = CLAIM + "version";
    static final String MESSAGE_TYPE = CLAIM + "message_type";
    static final String DEPLOYMENT = CLAIM + "deployment_id";
    static final String TARGET = CLAIM + "target_link_uri";
    static final String RESOURCE_LINK = CLAIM + "resource_link";
    static final String CONTEXT = CLAIM + "context";
    static final String ROLES = CLAIM + "roles";

    /** Roles in this course; those in the school or on the platform do not count here. */
    static final String ROLE_IN_COURSE = "http://purl.imsglobal.org/vocab/lis/v2/membership#";

    private LtiClaims() {
    }
  }
}
