package io.anteroom.edge.auth.lti;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.anteroom.attack.Attack;
import io.anteroom.config.AuthSettings;
import io.anteroom.directory.User.Role;
import io.anteroom.edge.auth.ClaimMapping;
import io.anteroom.edge.auth.RejectedNames;
import io.anteroom.edge.auth.lti.LtiLaunch.LtiClaims;
import io.anteroom.identity.Identity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a launch makes of somebody whom the lab does not know by a file. */
class LtiLaunchTest {
  private static final String VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/";
  private final ClaimMapping mapping = new ClaimMapping(
    new AuthSettings.Claims("sub", "groups", "role", Set.of("teacher", "Instructor"), Set.of()),
    new RejectedNames(System::nanoTime));

  @ParameterizedTest
  @Attack(36)
  @CsvSource({
    "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor, TEACHER",
    "Instructor, TEACHER",
    "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner, STUDENT",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor, STUDENT",
    "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator, STUDENT",
    "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant, STUDENT",
    "https://evil.example/#Instructor, STUDENT"})
  void onlyWhoTeachesTheCourseIsATeacher(String role, Role meant) {
    assertThat(identity(Map.of(LtiClaims.ROLES, List.of(VOCABULARY + "membership#Mentor", role))).role())
      .isEqualTo(meant);
  }

  @Test
  @Attack(36)
  void rolesAndGroupsThatAreNotTheLaunchsOwnCountForNothing() {
    Identity launched = identity(Map.of("role", "teacher", "roles", List.of("Instructor"), "groups", List.of("staff"),
      "https://purl.imsglobal.org/spec/lti/claim/custom", Map.of("role", "teacher", "roles", "Instructor")));

    assertThat(launched.role()).isEqualTo(Role.STUDENT);
    assertThat(launched.groups()).isEmpty();
  }

  @Test
  void theCourseIsAGroup() {
    assertThat(identity(Map.of(LtiClaims.CONTEXT, Map.of("id", "7b"))).groups()).containsExactly("7b");
  }

  private Identity identity(Map<String, Object> said) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().subject("newcomer");
    said.forEach(claims::claim);
    LtiLaunch launch = new LtiLaunch(claims.build());
    return mapping.identity(launch.claims().getClaims(), launch.groups(), launch.roles());
  }
}
