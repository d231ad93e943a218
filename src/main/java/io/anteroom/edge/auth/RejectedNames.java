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
 * Rejects names that a sign-in system asserts but that no user can have: the response and the log say what was read,
 * where and why. A page sends hundreds of requests with the same name, so each is logged once in ten minutes. Safe to
 * use from every event loop.
 */
public final class RejectedNames implements Shareable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(10);
  private static final int MAX_REMEMBERED = 1_000;

  /** What was logged lately. */
  private final Cache<String, Boolean> logged;

  /** @param nanos a monotonic clock */
  public RejectedNames(LongSupplier nanos) {
    this.logged = Caches.builder().maximumSize(MAX_REMEMBERED).expireAfterWrite(LOG_INTERVAL)
      .ticker(nanos::getAsLong).build();
  }

  /** The instance of this node. */
  public static RejectedNames of(Vertx vertx) {
    return vertx.sharedData().<String, RejectedNames>getLocalMap("anteroom.refused-names")
      .computeIfAbsent("names", first -> new RejectedNames(System::nanoTime));
  }

  /**
   * The name in the form by which users are compared; rejected when it cannot be one.
   *
   * @param code   401 where the request itself states the name, 403 where it was proved
   * @param source where it was read, {@code header X-Forwarded-User}
   */
  public String folded(ApiException.Code code, String source, String text) {
    Optional<Objection> objection = UserName.objection(text);
    if (objection.isPresent()) {
      throw error(code, source, text, objection.get());
    }
    return UserName.folded(text);
  }

  /** The error for what was read in place of a name. */
  public ApiException error(ApiException.Code code, String source, String read, Objection why) {
    String shown = UserName.shown(read);
    if (shouldLog(source + " " + shown)) {
      log.warn("Sign-in refused, the name cannot be used: source=\"{}\" name='{}' cause=\"{}\"", source, shown,
        why.english());
    }
    return AuthErrors.unusableName(code, source, shown, why);
  }

  private boolean shouldLog(String name) {
    return logged.asMap().putIfAbsent(name, true) == null;
  }
}
