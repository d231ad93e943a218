package io.anteroom.edge.auth;

import io.anteroom.directory.Directory;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/** Grants everything without sign-in: the user is the one in the path, elsewhere the one in {@code ?user=}. */
public final class OpenAuthorizer implements Authorizer {
  private final Supplier<Directory> directory;

  public OpenAuthorizer(Supplier<Directory> directory) {
    this.directory = directory;
  }

  @Override
  public Future<Access> ownerOf(HttpServerRequest request, String owner) {
    return directory.get().user(owner)
      .map(user -> Future.succeededFuture(new Access(user, false)))
      .orElseGet(() -> Future.failedFuture(unknown(owner)));
  }

  @Override
  public Future<Access> self(HttpServerRequest request) {
    return Future.failedFuture(unnamed());
  }

  private static ApiException unknown(String name) {
    String shown = UserName.shown(name);
    return ApiException.of(ApiException.Code.UNKNOWN_USER,
      "There is no user '%s' here; check the spelling, or ask your teacher.".formatted(shown),
      "没有名为“%s”的用户；请检查拼写，或询问老师。".formatted(shown));
  }

  private static ApiException unnamed() {
    return ApiException.of(ApiException.Code.UNKNOWN_USER,
      "The request does not say whose tasks are meant; add ?user=<name> to the address.",
      "未说明是哪位用户的任务；请在地址后加上 ?user=<用户名>。");
  }
}
