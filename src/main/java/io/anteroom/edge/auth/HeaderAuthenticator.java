package io.anteroom.edge.auth;

import io.anteroom.config.AuthSettings;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName.Objection;
import io.anteroom.edge.auth.AuthorizationHeader.SentText;
import io.anteroom.identity.Identity;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Authenticates a user whom a proxy of the lab has signed in, by a header. Such a header is easily forged: it counts
 * only where a trusted proxy forwarded the request, and only when it is there once with one plain name in it.
 */
public final class HeaderAuthenticator implements Authenticator {
  private static final int MAX_NAME = 100;
  private static final int MAX_GROUPS = 100;
  private static final Pattern ATTRIBUTE = Pattern.compile("\\s*[A-Za-z][A-Za-z0-9.-]*=[^=]+");
  private static final Objection SEVERAL =
    new Objection("it could be several names", "其中可能含有多个名称");

  private final ClientResolver clients;
  private final AuthSettings.Header names;
  private final RejectedNames rejected;

  public HeaderAuthenticator(ClientResolver clients, AuthSettings.Header names, RejectedNames rejected) {
    this.clients = clients;
    this.names = names;
    this.rejected = rejected;
  }

  @Override
  public Future<Optional<Identity>> authenticate(HttpServerRequest request) {
    return Future.succeededFuture(request)
      .map(sent -> clients.of(sent).isProxied() ? identity(sent) : Optional.empty());
  }

  private Optional<Identity> identity(HttpServerRequest request) {
    List<String> values = request.headers().getAll(names.user());
    if (values.stream().allMatch(String::isBlank)) {
      return Optional.empty();
    }
    String user = user(values);
    String name = only(request, names.name()).filter(text -> text.length() <= MAX_NAME).orElse(user);
    return Optional.of(new Identity(user, name, groups(request), User.Role.STUDENT));
  }

  /** The name; rejected when there are several, also joined into one value by a proxy (RFC 9110, section 5.3). */
  private String user(List<String> values) {
    String source = "header " + names.user();
    String text = SentText.ofHeader(String.join(",", values));
    if (values.size() > 1 || text.contains(",") && !isDistinguishedName(text)) {
      throw rejected.error(ApiException.Code.WRONG_SIGN_IN, source, text, SEVERAL);
    }
    return rejected.folded(ApiException.Code.WRONG_SIGN_IN, source, text);
  }

  /** The commas of a name in LDAP's form, {@code CN=Bob,OU=Class 7}, separate no names. */
  private static boolean isDistinguishedName(String text) {
    return Arrays.stream(text.split(",", -1)).allMatch(part -> ATTRIBUTE.matcher(part).matches());
  }

  private Set<String> groups(HttpServerRequest request) {
    return only(request, names.groups()).stream().flatMap(all -> Arrays.stream(all.split(",")))
      .map(String::strip).filter(group -> !group.isEmpty()).limit(MAX_GROUPS).collect(Collectors.toSet());
  }

  private static Optional<String> only(HttpServerRequest request, String name) {
    List<String> values = request.headers().getAll(name);
    return values.size() == 1 ? Optional.of(SentText.ofHeader(values.get(0))).filter(value -> !value.isBlank())
      : Optional.empty();
  }
}
