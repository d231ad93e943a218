package io.anteroom.edge.auth;

import io.anteroom.config.Directory;
import io.anteroom.config.User;
import io.anteroom.signin.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets in who is recognized, to what is his own; the path and {@code ?user=} prove nothing. */
public final class MemberAuthenticator implements Authenticator {
  private static final String PARAMETER = "user";

  private final List<Recognizer> recognizers;
  private final Supplier<Directory> directory;

  /** @param recognizers asked in this order; the first that knows somebody decides */
  public MemberAuthenticator(List<Recognizer> recognizers, Supplier<Directory> directory) {
    this.recognizers = List.copyOf(recognizers);
    this.directory = directory;
  }

  @Override
  public Future<Visitor> ownerOf(HttpServerRequest request, String owner) {
    return asker(request, 0).compose(user -> user.name().equals(owner)
      ? Future.succeededFuture(new Visitor(user, false))
      : Future.failedFuture(AuthRefusals.notYours(owner, user.name())));
  }

  @Override
  public Future<Visitor> asker(HttpServerRequest request) {
    String named = request.getParam(PARAMETER);
    return named == null ? asker(request, 0).map(user -> new Visitor(user, false)) : ownerOf(request, named);
  }

  private Future<User> asker(HttpServerRequest request, int next) {
    if (next == recognizers.size()) {
      return Future.failedFuture(AuthRefusals.signInNeeded());
    }
    return recognizers.get(next).recognize(request).compose(known -> known
      .map(identity -> member(identity))
      .orElseGet(() -> asker(request, next + 1)));
  }

  private Future<User> member(Identity identity) {
    Optional<User> user = directory.get().member(identity.user());
    return user.map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(AuthRefusals.notInTheLab(identity.user())));
  }
}
