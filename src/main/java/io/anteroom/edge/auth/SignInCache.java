package io.anteroom.edge.auth;

import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.anteroom.identity.SignInStore.SignedIn;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the store has just said of tokens. A page loads hundreds of files at once: an answer counts for some seconds,
 * and as long a sign-out elsewhere may take to be noticed. Used on one event loop.
 */
public final class SignInCache {
  static final Duration COUNTS_FOR = Duration.ofSeconds(3);
  private static final int MOST_KNOWN = 10_000;

  private final SignInStore signIns;
  private final Clock clock;
  /** The one asked first first. */
  private final Map<Asked, Answer> known = new LinkedHashMap<>();

  private record Asked(String scope, String token) {
  }

  private record Answer(Future<Optional<SignedIn>> found, long at) {
  }

  public SignInCache(SignInStore signIns, Clock clock) {
    this.signIns = signIns;
    this.clock = clock;
  }

  /** Who is signed in by this token; empty for nobody. */
  public Future<Optional<Identity>> find(String scope, String token) {
    dropOld();
    Asked asked = new Asked(scope, token);
    Answer answer = known.computeIfAbsent(asked, unknown ->
      new Answer(signIns.find(scope, token), System.nanoTime()));
    answer.found().onFailure(failure -> known.remove(asked, answer));
    return answer.found().map(found -> found.filter(one -> one.until().isAfter(clock.instant()))
      .map(SignedIn::identity));
  }

  /** This token is signed out: nothing that was said of it counts any more. */
  public void forget(String scope, String token) {
    known.remove(new Asked(scope, token));
  }

  private void dropOld() {
    Iterator<Answer> oldest = known.values().iterator();
    long now = System.nanoTime();
    while (oldest.hasNext()) {
      boolean isOld = now - oldest.next().at() > COUNTS_FOR.toNanos();
      if (!isOld && known.size() < MOST_KNOWN) {
        return;
      }
      oldest.remove();
    }
  }
}
