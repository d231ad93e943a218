package io.anteroom.edge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.directory.UserName;
import io.anteroom.directory.UserName.Objection;
import io.anteroom.identity.AuditLog;
import io.anteroom.task.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses names that a sign-in system vouches for and that no user can have: says what was read, where and why, in the
 * answer and in the log. A page asks hundreds of times with the same one, so each is logged once in ten minutes. Safe
 * to use from every event loop.
 */
public final class RejectedNames implements Shareable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final Duration LOGGED_AGAIN_AFTER = Duration.ofMinutes(10);
  private static final int MAX_REMEMBERED = 1_000;

  /** What was logged lately. */
  private final Cache<String, Boolean> logged;

  /** @param nanos a monotonic clock */
  public RejectedNames(LongSupplier nanos) {
    this.logged = Caches.builder().maximumSize(MAX_REMEMBERED).expireAfterWrite(LOGGED_AGAIN_AFTER)
      .ticker(nanos::getAsLong).build();
  }

  /** The ones of this node. */
  public static RejectedNames of(Vertx vertx) {
    return vertx.sharedData().<String, RejectedNames>getLocalMap("anteroom.refused-names")
      .computeIfAbsent("names", first -> new RejectedNames(System::nanoTime));
  }

  /**
   * The name in the form by which users are compared; refused when it is none.
   *
   * @param code   401 where the request itself says the name, 403 where it was proved
   * @param source where it was read, {@code header X-Forwarded-User}
   */
  public String folded(ApiException.Code code, String source, String text) {
    Optional<Objection> objection = UserName.objection(text);
    if (objection.isPresent()) {
      throw refusal(code, source, text, objection.get());
    }
    return UserName.folded(text);
  }

  /** The refusal of what was read in place of a name. */
  public ApiException refusal(ApiException.Code code, String source, String read, Objection why) {
    String shown = UserName.shown(read);
    if (isToBeLogged(source + " " + shown)) {
      log.warn("Sign-in refused, the name cannot be used: source=\"{}\" name='{}' cause=\"{}\"", source, shown,
        why.english());
    }
    return AuthErrors.unusableName(code, source, shown, why);
  }

  private boolean isToBeLogged(String name) {
    return logged.asMap().putIfAbsent(name, true) == null;
  }
}
