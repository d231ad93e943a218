package io.anteroom.identity;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers for all nodes who is signed in, and what only one of them may do once.
 *
 * <p>Tokens are secrets: the store knows their hashes only. Every call fails with a refusal when the store does not
 * answer; then nobody is let in.
 */
public interface SignInStore {

  /** The store's own time: the clock of all lifetimes. */
  record SignedIn(Identity identity, Instant until) {
  }

  /**
   * Signs somebody in.
   *
   * @param scope for what: a token of one scope is none of another
   * @return the token that proves it, as long as {@code lifetime}
   */
  Future<String> open(String scope, Identity identity, Duration lifetime);

  /**
   * Signs somebody in for as long as another token of his is signed in, and no longer than {@code lifetime}.
   *
   * @param parent the {@link #nameOf} of the other token
   * @return the token that proves it; empty when the other is not signed in any more
   */
  Future<Optional<String>> openBelow(String parent, String scope, Identity identity, Duration lifetime);

  /** What the store knows a token by; it proves nothing. */
  String nameOf(String scope, String token);

  /** Whose token it is; empty for one that is unknown, over, signed out or revoked. */
  Future<Optional<SignedIn>> find(String scope, String token);

  /** Signs out whoever has this token, and all that was opened below it. */
  Future<Void> close(String scope, String token);

  /** Signs this user out everywhere, and makes what others issued for him until now worthless. */
  Future<Void> revoke(String user);

  /** Since when what others issue for this user counts again; the epoch for somebody who was never revoked. */
  Future<Instant> revoked(String user);

  /** Keeps a text for whoever brings the token that is answered; once, and no longer than {@code lifetime}. */
  Future<String> putOnce(String scope, String text, Duration lifetime);

  /** The text, which is forgotten with this call; empty when it was taken already, or is over. */
  Future<Optional<String>> takeOnce(String scope, String token);

  /** Whether this is the first call with this name within {@code remembered}, over all nodes. */
  Future<Boolean> first(String scope, String name, Duration remembered);

  /**
   * Counts an attempt.
   *
   * @return whether there were no more than {@code most} within the current {@code window}, this one included
   */
  Future<Boolean> countAttempt(String scope, String name, int most, Duration window);

  /** Forgets the attempts of one who succeeded. */
  Future<Void> resetAttempts(String scope, String name);

  /** The password that this user has chosen himself, as its hash; empty for none. */
  Future<Optional<String>> password(String user);

  /** Replaces the hash of his password. */
  Future<Void> setPassword(String user, String hash);

  /**
   * Which of so many doors is this user's: for all nodes the same one, for as long as he comes once in thirty days.
   *
   * @return counted from 0; empty when all are others'
   */
  Future<Optional<Integer>> assignPort(String user, int doors);
}
