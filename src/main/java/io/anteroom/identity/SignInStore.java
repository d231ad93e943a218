package io.anteroom.identity;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The sign-ins of all nodes (session store), and what only one node may do once.
 *
 * <p>Tokens are secrets of 256 random bits, of which the store has only the hashes. Every call fails with an {@link
 * io.anteroom.task.ApiException} of code {@code QUEUE_UNAVAILABLE} when the store does not reply; no request is let in
 * then (fail closed). Times are by the clock of the store.
 */
public interface SignInStore {

  /** A sign-in that is valid until this time. */
  record SignedIn(Identity identity, Instant until) {
  }

  /**
   * Signs a user in.
   *
   * @param scope purpose of the token, which is valid for no other
   * @return the token, which is valid for {@code lifetime}
   */
  Future<String> open(String scope, Identity identity, Duration lifetime);

  /**
   * Signs a user in for as long as a parent token is signed in, and no longer than {@code lifetime}.
   *
   * @param parent the {@link #nameOf} of the parent token
   * @return the token; empty when the parent is no longer signed in
   */
  Future<Optional<String>> openBelow(String parent, String scope, Identity identity, Duration lifetime);

  /** The name of a token in the store; it grants no access. */
  String nameOf(String scope, String token);

  /** The sign-in of a token; empty when it is unknown, expired, signed out or revoked. */
  Future<Optional<SignedIn>> find(String scope, String token);

  /** Signs this token out, and all that was opened below it. */
  Future<Void> close(String scope, String token);

  /** Signs this user out everywhere, and revokes all tokens that other issuers have issued for them until now. */
  Future<Void> revoke(String user);

  /** Since when tokens of other issuers count again for this user; the epoch for a user who was never revoked. */
  Future<Instant> revoked(String user);

  /** Stores a text that can be taken once, within {@code lifetime}; returns the token that it is taken with. */
  Future<String> putOnce(String scope, String text, Duration lifetime);

  /** Takes the text and deletes it; empty when it was taken already, or has expired. */
  Future<Optional<String>> takeOnce(String scope, String token);

  /** Whether this is the first call with this name within {@code lifetime}, over all nodes (replay protection). */
  Future<Boolean> first(String scope, String name, Duration lifetime);

  /**
   * Counts an attempt (rate limit).
   *
   * @return whether there were at most {@code max} within the current {@code window}, this one included
   */
  Future<Boolean> countAttempt(String scope, String name, int max, Duration window);

  /** Deletes the count of attempts after one has succeeded. */
  Future<Void> resetAttempts(String scope, String name);

  /** The hash of the password that this user has chosen; empty for none. */
  Future<Optional<String>> password(String user);

  /** Replaces that hash. */
  Future<Void> setPassword(String user, String hash);

  /**
   * The port of this user's origin, the same for all nodes. It stays theirs as long as they come once in thirty days.
   *
   * @param ports how many ports there are
   * @return counted from 0; empty when all are assigned to others
   */
  Future<Optional<Integer>> assignPort(String user, int ports);
}
