package io.anteroom.edge.auth;

import io.anteroom.signin.Identity;
import io.anteroom.signin.SignIns;
import io.anteroom.signin.SignIns.SignedIn;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows who has signed in by the cookie. A page loads hundreds of files at once: what the store says of a token counts
 * for some seconds, and as long a sign-out elsewhere may take to be noticed. Used on one event loop.
 */
final class CookieRecognizer implements Recognizer {
  static final Duration COUNTS_FOR = Duration.ofSeconds(3);
  private static final int MOST_KNOWN = 10_000;

  private final SignIns signIns;
  private final SignInCookie cookie;
  private final Clock clock;
  /** By token, the one asked first first. */
  private final Map<String, Answer> known = new LinkedHashMap<>();

  private record Answer(Future<Optional<SignedIn>> found, long at) {
  }

  CookieRecognizer(SignIns signIns, SignInCookie cookie, Clock clock) {
    this.signIns = signIns;
    this.cookie = cookie;
    this.clock = clock;
  }

  @Override
  public Future<Optional<Identity>> recognize(HttpServerRequest request) {
    return cookie.token(request).map(this::find).orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /** This token is signed out: nothing that was said of it counts any more. */
  void forget(String token) {
    known.remove(token);
  }

  private Future<Optional<Identity>> find(String token) {
    dropOld();
    Answer answer = known.computeIfAbsent(token, unknown ->
      new Answer(signIns.find(SignInCookie.SCOPE, unknown), System.nanoTime()));
    answer.found().onFailure(failure -> known.remove(token, answer));
    return answer.found().map(found -> found.filter(one -> one.until().isAfter(clock.instant()))
      .map(SignedIn::identity));
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
