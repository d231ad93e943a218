package io.anteroom.edge.auth;

import io.anteroom.config.AuthSettings;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName.Objection;
import io.anteroom.identity.Identity;
import io.anteroom.task.ApiException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Maps the claims of a verified token to an identity. */
public final class ClaimMapping {
  private static final String NAME = "name";
  private static final String MAIL = "email";
  private static final String MAIL_VERIFIED = "email_verified";
  private static final int MAX_NAME = 100;
  private static final int MAX_VALUES = 200;

  private static final Objection MISSING = new Objection("it has no such claim, or no text in it", "令牌中没有该声明");
  private static final Objection UNVERIFIED =
    new Objection("email_verified is not true", "该邮箱未经验证（email_verified）");

  private final AuthSettings.Claims names;
  private final RejectedNames rejected;

  public ClaimMapping(AuthSettings.Claims names, RejectedNames rejected) {
    this.names = names;
    this.rejected = rejected;
  }

  /** Throws an {@code ApiException} when the claims contain no usable name. */
  public Identity identity(Map<String, Object> claims) {
    return identity(claims, texts(claims.get(names.groups())), texts(claims.get(names.role())));
  }

  /** The same with groups and roles from elsewhere in the token. */
  public Identity identity(Map<String, Object> claims, Set<String> groups, Set<String> roles) {
    String user = user(claims);
    String name = claims.get(NAME) instanceof String text && !text.isBlank() ? text.strip() : user;
    return new Identity(user, name.substring(0, Math.min(name.length(), MAX_NAME)), groups, role(roles));
  }

  private String user(Map<String, Object> claims) {
    String source = "claim %s of the token".formatted(names.user());
    Object claim = claims.get(names.user());
    String text = claim instanceof String || claim instanceof Long || claim instanceof Integer ? claim.toString() : "";
    if (text.isBlank()) {
      throw rejected.error(ApiException.Code.NOT_IN_THE_LAB, source, text, MISSING);
    }
    if (!isMailVerified(claims)) {
      throw rejected.error(ApiException.Code.NOT_IN_THE_LAB, source, text, UNVERIFIED);
    }
    return rejected.folded(ApiException.Code.NOT_IN_THE_LAB, source, text);
  }

  /**
   * An unverified mail address proves nothing: many providers let their users enter any address. Providers that verify
   * all of them may omit the claim; some write it as a text.
   */
  private boolean isMailVerified(Map<String, Object> claims) {
    return !names.user().equals(MAIL) || !claims.containsKey(MAIL_VERIFIED)
      || Objects.toString(claims.get(MAIL_VERIFIED)).equals("true");
  }

  private User.Role role(Set<String> roles) {
    return roles.stream().anyMatch(names.admins()::contains) ? User.Role.ADMIN
      : roles.stream().anyMatch(names.teachers()::contains) ? User.Role.TEACHER : User.Role.STUDENT;
  }

  private static Set<String> texts(Object claim) {
    Collection<?> all = claim instanceof Collection<?> several ? several : claim == null ? List.of() : List.of(claim);
    Set<String> texts = new LinkedHashSet<>();
    all.stream().filter(String.class::isInstance).map(String.class::cast).limit(MAX_VALUES).forEach(texts::add);
    return texts;
  }
}
