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
import io.anteroom.edge.auth.ClientResolver.Peer;
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
 * Knows a program by the name and password that it sends with each request: HTTP Basic authentication, RFC 7617.
 *
 * <p>To check a password takes tenths of a second, so a right one opens a sign-in, which counts for a quarter of an
 * hour and ends with a revocation. A wrong one is remembered as long: a forgotten script that repeats it does not use
 * up its user's attempts. No answer asks for Basic credentials, so no browser sends them by itself. For one event
 * loop.
 */
public final class BasicAuthenticator implements Authenticator {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final String SCOPE = "basic";
  private static final Duration COUNTS_FOR = Duration.ofMinutes(15);
  private static final Duration SIGN_IN_LASTS = COUNTS_FOR.plusMinutes(1);
  private static final int MAX_KNOWN = 1_000;
  private static final Future<Optional<Identity>> NOBODY = Future.succeededFuture(Optional.empty());

  private final PasswordVerifier passwords;
  private final SignInStore signIns;
  private final SignInCache recent;
  private final ClientResolver peers;
  private final Supplier<Directory> directory;
  private final Known known;
  /** Requests with the same credentials share one check. */
  private final RequestCoalescer<Optional<String>> checks;

  /** What a request said. */
  private record Credentials(String name, String password) {
  }

  /** The token that right credentials opened; empty for wrong ones. */
  private record Checked(Optional<String> token) {
  }

  /** What all event loops of a node know of credentials that were checked. */
  private static final class Known implements Shareable {
    /** Mixed into what is kept of credentials, so that it is worth nothing outside of this process. */
    private final String salt = UUID.randomUUID().toString();
    private final Cache<String, Checked> checked =
      Caches.builder().maximumSize(MAX_KNOWN).expireAfterWrite(COUNTS_FOR).build();

    String key(Credentials sent) {
      return Base64.getEncoder().encodeToString(Sha256.of(salt + sent.name() + ":" + sent.password()));
    }

    Optional<Checked> find(String key) {
      return Optional.ofNullable(checked.getIfPresent(key));
    }

    void put(String key, Checked now) {
      checked.put(key, now);
    }

    void forget(String key, Checked revoked) {
      checked.asMap().remove(key, revoked);
    }
  }

  public BasicAuthenticator(Vertx vertx, PasswordVerifier passwords, AuthStores store, SignInCache recent,
    ClientResolver peers,
      Supplier<Directory> directory) {
    this.known = vertx.sharedData().<String, Known>getLocalMap("anteroom.basic")
      .computeIfAbsent("known", first -> new Known());
    this.checks = new RequestCoalescer<>(vertx);
    this.passwords = passwords;
    this.signIns = store.signIns();
    this.recent = recent;
    this.peers = peers;
    this.directory = directory;
  }

  @Override
  public Future<Optional<Identity>> recognize(HttpServerRequest request) {
    return AuthorizationHeader.of(request, AuthorizationHeader.BASIC).flatMap(BasicAuthenticator::decoded)
      .map(sent -> identity(request, sent))
      .orElse(NOBODY);
  }

  private Future<Optional<Identity>> identity(HttpServerRequest request, Credentials sent) {
    String key = known.key(sent);
    return known.find(key)
      .map(last -> signedIn(last.token()).compose(found -> found.isPresent() || last.token().isEmpty()
        ? Future.succeededFuture(found) : anew(request, sent, key, last)))
      .orElseGet(() -> check(request, sent, key));
  }

  /** A sign-in that was revoked proves nothing: the password is checked again. */
  private Future<Optional<Identity>> anew(HttpServerRequest request, Credentials sent, String key, Checked revoked) {
    known.forget(key, revoked);
    return check(request, sent, key);
  }

  private Future<Optional<Identity>> check(HttpServerRequest request, Credentials sent, String key) {
    return checks.join(key, () -> token(request, sent).onSuccess(token -> known.put(key, new Checked(token))))
      .compose(this::signedIn);
  }

  private Future<Optional<Identity>> signedIn(Optional<String> token) {
    return token.map(proved -> recent.find(SCOPE, proved)).orElse(NOBODY);
  }

  private Future<Optional<String>> token(HttpServerRequest request, Credentials sent) {
    String user = UserName.folded(sent.name());
    Peer peer = peers.of(request);
    String address = peer.client().getHostAddress();
    return passwords.check(user, sent.password(), peer.counted()).compose(finding -> {
      if (finding != PasswordVerifier.Finding.RIGHT) {
        log.warn("HTTP Basic sign-in refused: user={} address={}", named(user), address);
        return Future.succeededFuture(Optional.empty());
      }
      log.info("Signed in by HTTP Basic: user={} address={}", UserName.logged(user), address);
      return signIns.open(SCOPE, new Identity(user, user, Set.of(), User.Role.STUDENT), SIGN_IN_LASTS)
        .map(Optional::of);
    });
  }

  /** People type their password where their name belongs: only a name of the lab may stand in a log. */
  private String named(String user) {
    return directory.get().lists(user) ? UserName.logged(user) : "(nobody of the lab)";
  }

  private static Optional<Credentials> decoded(String base64) {
    try {
      String text = SentText.of(Base64.getDecoder().decode(base64));
      int colon = text.indexOf(':');
      return colon < 0 ? Optional.empty()
        : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }
}
