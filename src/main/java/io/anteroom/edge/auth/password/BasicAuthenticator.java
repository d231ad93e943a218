package io.anteroom.edge.auth.password;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.async.RequestCoalescer;
import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.AuthorizationHeader;
import io.anteroom.edge.auth.AuthorizationHeader.SentText;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Client;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.identity.AuditLog;
import io.anteroom.identity.Identity;
import io.anteroom.identity.Sha256;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates a program by HTTP Basic credentials (RFC 7617).
 *
 * <p>Checking a password takes tenths of a second, so a right one opens a sign-in, which is valid for a quarter of an
 * hour and ends with a revocation. A wrong one is cached as long: a forgotten script that repeats it does not use up
 * its user's attempts. No response challenges for Basic credentials, so no browser sends them by itself. For one event
 * loop.
 */
public final class BasicAuthenticator implements Authenticator {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final String SCOPE = "basic";
  private static final Duration TIME_TO_LIVE = Duration.ofMinutes(15);
  private static final Duration SIGN_IN_LIFETIME = TIME_TO_LIVE.plusMinutes(1);
  private static final int MAX_ENTRIES = 1_000;
  private static final Future<Optional<Identity>> NO_IDENTITY = Future.succeededFuture(Optional.empty());

  private final PasswordVerifier passwords;
  private final SignInStore signIns;
  private final SignInCache recent;
  private final ClientResolver clients;
  private final Supplier<Directory> directory;
  private final CheckedCredentials cache;
  /** Requests with the same credentials share one check. */
  private final RequestCoalescer<Optional<String>> checks;

  /** The decoded header. */
  private record Credentials(String name, String password) {
  }

  /** The token that right credentials opened; empty for wrong ones. */
  private record Checked(Optional<String> token) {
  }

  /** The checked credentials of a node, for all its event loops. */
  private static final class CheckedCredentials implements Shareable {
    /** Mixed into the hash of credentials, so that it is useless outside of this process. */
    private final String salt = UUID.randomUUID().toString();
    private final Cache<String, Checked> checked =
      Caches.builder().maximumSize(MAX_ENTRIES).expireAfterWrite(TIME_TO_LIVE).build();

    String key(Credentials sent) {
      return Base64.getEncoder().encodeToString(Sha256.of(salt + sent.name() + ":" + sent.password()));
    }

    Optional<Checked> find(String key) {
      return Optional.ofNullable(checked.getIfPresent(key));
    }

    void record(String key, Checked now) {
      checked.put(key, now);
    }

    void forget(String key, Checked revoked) {
      checked.asMap().remove(key, revoked);
    }
  }

  public BasicAuthenticator(Vertx vertx, PasswordVerifier passwords, AuthStores store, SignInCache recent,
      ClientResolver clients, Supplier<Directory> directory) {
    this.cache = vertx.sharedData().<String, CheckedCredentials>getLocalMap("anteroom.basic")
      .computeIfAbsent("known", first -> new CheckedCredentials());
    this.checks = new RequestCoalescer<>(vertx);
    this.passwords = passwords;
    this.signIns = store.signIns();
    this.recent = recent;
    this.clients = clients;
    this.directory = directory;
  }

  @Override
  public Future<Optional<Identity>> authenticate(HttpServerRequest request) {
    return AuthorizationHeader.of(request, AuthorizationHeader.BASIC).flatMap(BasicAuthenticator::decoded)
      .map(sent -> identity(request, sent))
      .orElse(NO_IDENTITY);
  }

  private Future<Optional<Identity>> identity(HttpServerRequest request, Credentials sent) {
    String key = cache.key(sent);
    return cache.find(key)
      .map(last -> signedIn(last.token()).compose(found -> found.isPresent() || last.token().isEmpty()
        ? Future.succeededFuture(found) : checkAgain(request, sent, key, last)))
      .orElseGet(() -> check(request, sent, key));
  }

  /** A revoked sign-in proves nothing: the password is checked again. */
  private Future<Optional<Identity>> checkAgain(HttpServerRequest request, Credentials sent, String key,
      Checked revoked) {
    cache.forget(key, revoked);
    return check(request, sent, key);
  }

  private Future<Optional<Identity>> check(HttpServerRequest request, Credentials sent, String key) {
    return checks.join(key, () -> token(request, sent).onSuccess(token -> cache.record(key, new Checked(token))))
      .compose(this::signedIn);
  }

  private Future<Optional<Identity>> signedIn(Optional<String> token) {
    return token.map(proved -> recent.find(SCOPE, proved)).orElse(NO_IDENTITY);
  }

  private Future<Optional<String>> token(HttpServerRequest request, Credentials sent) {
    String user = UserName.folded(sent.name());
    Client client = clients.of(request);
    String address = client.address().getHostAddress();
    return passwords.check(user, sent.password(), client.counted()).compose(result -> {
      if (result != PasswordVerifier.Result.RIGHT) {
        log.warn("HTTP Basic sign-in refused: user={} address={}", named(user), address);
        return Future.succeededFuture(Optional.empty());
      }
      log.info("Signed in by HTTP Basic: user={} address={}", UserName.logged(user), address);
      return signIns.open(SCOPE, new Identity(user, user, Set.of(), User.Role.STUDENT), SIGN_IN_LIFETIME)
        .map(Optional::of);
    });
  }

  /** Users type their password where their name belongs: only names of the lab are logged. */
  private String named(String user) {
    return directory.get().lists(user) ? UserName.logged(user) : "(not of the lab)";
  }

  private static Optional<Credentials> decoded(String base64) {
    try {
      String text = SentText.of(Base64.getDecoder().decode(base64));
      int colon = text.indexOf(':');
      return colon < 0 ? Optional.empty()
        : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
