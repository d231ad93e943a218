package io.anteroom.edge.auth.lti;

/** The names in an LTI 1.3 launch (1EdTech, LTI Core 1.3, 5.3). */
final class LtiClaims {
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

  /** What somebody is in this course; what he is in the school or in the platform makes nobody a teacher here. */
  static final String ROLE_IN_COURSE = "http://purl.imsglobal.org/vocab/lis/v2/membership#";

  private LtiClaims() {
  }
}
