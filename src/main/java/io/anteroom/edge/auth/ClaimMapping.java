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

/** Makes an identity of the claims of a token that was proved to be true. */
public final class ClaimMapping {
  private static final String NAME = "name";
  private static final String MAIL = "email";
  private static final String MAIL_VERIFIED = "email_verified";
  private static final int LONGEST_NAME = 100;
  private static final int MOST_WORDS = 200;

  private static final Objection MISSING = new Objection("it has no such claim, or no text in it", "令牌中没有该声明");
  private static final Objection UNCHECKED =
    new Objection("email_verified is not true", "该邮箱未经验证（email_verified）");

  private final AuthSettings.Claims names;
  private final RejectedNames refused;

  public ClaimMapping(AuthSettings.Claims names, RejectedNames refused) {
    this.names = names;
    this.refused = refused;
  }

  /** Throws a refusal when the claims name no user that can be one. */
  public Identity identity(Map<String, Object> claims) {
    return identity(claims, words(claims.get(names.groups())), words(claims.get(names.role())));
  }

  /** The same with groups and roles from elsewhere in the token. */
  public Identity identity(Map<String, Object> claims, Set<String> groups, Set<String> roles) {
    String user = user(claims);
    String name = claims.get(NAME) instanceof String text && !text.isBlank() ? text.strip() : user;
    return new Identity(user, name.substring(0, Math.min(name.length(), LONGEST_NAME)), groups, role(roles));
  }

  private String user(Map<String, Object> claims) {
    String source = "claim %s of the token".formatted(names.user());
    Object claim = claims.get(names.user());
    String text = claim instanceof String || claim instanceof Long || claim instanceof Integer ? claim.toString() : "";
    if (text.isBlank()) {
      throw refused.refusal(ApiException.Code.NOT_IN_THE_LAB, source, text, MISSING);
    }
    if (!isChecked(claims)) {
      throw refused.refusal(ApiException.Code.NOT_IN_THE_LAB, source, text, UNCHECKED);
    }
    return refused.folded(ApiException.Code.NOT_IN_THE_LAB, source, text);
  }

  /**
   * A mail address that nobody has checked may be anybody's: many let their users write in what they like. Who checks
   * all of them does not say so of each; of those who do, some write a text.
   */
  private boolean isChecked(Map<String, Object> claims) {
    return !names.user().equals(MAIL) || !claims.containsKey(MAIL_VERIFIED)
      || Objects.toString(claims.get(MAIL_VERIFIED)).equals("true");
  }

  private User.Role role(Set<String> roles) {
    return roles.stream().anyMatch(names.admins()::contains) ? User.Role.ADMIN
      : roles.stream().anyMatch(names.teachers()::contains) ? User.Role.TEACHER : User.Role.STUDENT;
  }

  private static Set<String> words(Object claim) {
    Collection<?> all = claim instanceof Collection<?> several ? several : claim == null ? List.of() : List.of(claim);
    Set<String> words = new LinkedHashSet<>();
    all.stream().filter(String.class::isInstance).map(String.class::cast).limit(MOST_WORDS).forEach(words::add);
    return words;
  }
}
