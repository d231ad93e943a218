package io.anteroom.edge.auth.password;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.password.PasswordHash.Hashing;
import io.anteroom.edge.auth.password.PasswordVerifier.Chosen;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Gives the first admin of a new lab a one-time code when no admin can sign in yet; there is no default password. */
public final class FirstAdminSetup {
  /** Nodes that start together print one code, not one each. */
  private static final Duration START_WINDOW = Duration.ofSeconds(30);

  private final Context context;
  private final SignInStore signIns;
  private final Supplier<Directory> directory;
  private final Supplier<PasswordFile> file;

  public FirstAdminSetup(Context context, SignInStore signIns, Supplier<Directory> directory,
      Supplier<PasswordFile> file) {
    this.context = context;
    this.signIns = signIns;
    this.directory = directory;
    this.file = file;
  }

  /**
   * The code and its user.
   *
   * @param code to be shown on the console and nowhere else
   */
  public record FirstCode(String user, String code) {
  }

  /** Makes a code for the first admin in the file of users; empty when one can sign in already, or there is none. */
  public Future<Optional<FirstCode>> createCode() {
    List<String> admins = directory.get().users().stream().filter(user -> user.role() == User.Role.ADMIN)
      .map(user -> UserName.folded(user.name())).toList();
    if (admins.isEmpty() || admins.stream().anyMatch(admin -> file.get().of(admin).isPresent())) {
      return Future.succeededFuture(Optional.empty());
    }
    return anyHasChosen(admins).compose(chosen -> chosen ? Future.succeededFuture(Optional.empty())
      : signIns.first("first-admin", "", START_WINDOW)
        .compose(first -> first ? createCode(admins.get(0)).map(Optional::of)
          : Future.succeededFuture(Optional.empty())));
  }

  private Future<FirstCode> createCode(String admin) {
    String code = OneTimeCode.random();
    return Hashing.on(context, () -> PasswordHash.of(OneTimeCode.plain(code)))
      .compose(hash -> signIns.setPassword(admin, Chosen.inPlaceOf("", hash, true).encode()))
      .map(new FirstCode(admin, code));
  }

  private Future<Boolean> anyHasChosen(List<String> admins) {
    return Future.all(admins.stream().map(signIns::password).toList())
      .map(all -> all.<Optional<String>>list().stream()
        .anyMatch(kept -> kept.flatMap(Chosen::decode).filter(chosen -> !chosen.isCode()).isPresent()));
  }
}
