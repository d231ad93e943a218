package io.anteroom.edge.auth;

import io.anteroom.directory.UserName;
import io.anteroom.directory.UserName.Objection;
import io.anteroom.task.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private static final Logger log = LoggerFactory.getLogger("audit");
  private static final long LOGGED_AGAIN_AFTER = Duration.ofMinutes(10).toNanos();
  private static final int MAX_REMEMBERED = 1_000;

  private final LongSupplier nanos;
  /** When each was logged, the latest last. Guarded by this. */
  private final Map<String, Long> logged = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > MAX_REMEMBERED;
    }
  };

  /** @param nanos a clock that only runs forward */
  public RejectedNames(LongSupplier nanos) {
    this.nanos = nanos;
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

  private synchronized boolean isToBeLogged(String name) {
    long now = nanos.getAsLong();
    Long before = logged.get(name);
    if (before != null && now - before < LOGGED_AGAIN_AFTER) {
      return false;
    }
    logged.remove(name);
    logged.put(name, now);
    return true;
  }
}
