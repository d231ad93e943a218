package io.anteroom.edge.auth;

import io.anteroom.config.Auth;
import io.anteroom.config.User;
import io.anteroom.signin.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Knows by a header whom a proxy of the lab has signed in. Anybody can write such a header: it counts only where a
 * listed proxy has brought the request, and only when it is there once with one plain name in it.
 */
final class HeaderRecognizer implements Recognizer {
  private static final int LONGEST_NAME = 100;
  private static final int MOST_GROUPS = 100;

  private final Peers peers;
  private final Auth.Header names;

  HeaderRecognizer(Peers peers, Auth.Header names) {
    this.peers = peers;
    this.names = names;
  }

  @Override
  public Future<Optional<Identity>> recognize(HttpServerRequest request) {
    return Future.succeededFuture(peers.of(request).isProxied() ? identity(request) : Optional.empty());
  }

  private Optional<Identity> identity(HttpServerRequest request) {
    return only(request, names.user()).map(User::folded).filter(User::isName).map(user -> {
      String name = only(request, names.name()).filter(said -> said.length() <= LONGEST_NAME).orElse(user);
      return new Identity(user, name, groups(request), User.Role.STUDENT);
    });
  }

  private Set<String> groups(HttpServerRequest request) {
    return only(request, names.groups()).stream().flatMap(all -> Arrays.stream(all.split(",")))
      .map(String::strip).filter(group -> !group.isEmpty()).limit(MOST_GROUPS).collect(Collectors.toSet());
  }

  private static Optional<String> only(HttpServerRequest request, String name) {
    List<String> values = request.headers().getAll(name);
    return values.size() == 1 ? Optional.of(values.get(0)).filter(value -> !value.isBlank()) : Optional.empty();
  }
}
