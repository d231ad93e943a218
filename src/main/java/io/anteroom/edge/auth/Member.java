package io.anteroom.edge.auth;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An authenticated member of the lab.
 *
 * @param identity with the name, the role and the group from the lab's own file, where the user is in it
 */
public record Member(User user, Identity identity) {

  /** Empty when the lab does not know the user. */
  public static Optional<Member> of(Directory directory, Identity proved) {
    return directory.member(proved.user()).map(user -> directory.lists(user.name())
      ? new Member(user, listed(proved, user)) : new Member(user.shownAs(proved.displayName()), proved));
  }

  /** Access to what belongs to {@code owner}; fails when there is none. */
  public Future<Access> at(Directory directory, String owner) {
    return user.isCalled(owner) ? Future.succeededFuture(new Access(user, false))
      : directory.user(owner).filter(at -> mayLook(directory, at))
        .map(at -> Future.succeededFuture(new Access(at, true)))
        .orElseGet(() -> Future.failedFuture(AuthErrors.notYours(owner, user.name())));
  }

  /** Whether the role allows viewing pages of others. */
  public boolean mayLook() {
    return identity.role() != User.Role.STUDENT;
  }

  /** The page after sign-in when none was asked for. */
  public String start() {
    return mayLook() ? "/" : Pages.ofStudent(user.name());
  }

  /** The users whose pages this member may view, in natural order; newcomers are not listed and cannot be viewed. */
  public List<User> others(Directory directory) {
    return directory.roll().stream()
      .filter(at -> !at.name().equals(user.name()) && mayLook(directory, at)).toList();
  }

  private boolean mayLook(Directory directory, User at) {
    return directory.mayLook(identity.role(), identity.groups(), at);
  }

  private static Identity listed(Identity proved, User user) {
    Set<String> groups = Stream.concat(Stream.of(user.group()), proved.groups().stream())
      .filter(group -> !group.isEmpty()).limit(Identity.MAX_GROUPS).collect(Collectors.toSet());
    return new Identity(proved.user(), user.displayName(), groups, user.role());
  }
}
