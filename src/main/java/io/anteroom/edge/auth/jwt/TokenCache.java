package io.anteroom.edge.auth.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.identity.Identity;
import io.anteroom.identity.Sha256;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Caches verified tokens by their hash: a page loads hundreds of files with the same one. */
final class TokenCache {
  private static final int MAX_TOKENS = 4096;

  private final Cache<String, Verified> byHash = Caches.builder().maximumSize(MAX_TOKENS).build();

  /**
   * A verified token.
   *
   * @param issued its {@code iat}, if it has one
   * @param until  when it expires
   * @param by     the keys that verified it
   */
  record Verified(Identity identity, Optional<Instant> issued, Instant until, VerificationKeys by) {
  }

  /** The token, unless it has expired, or was verified by other keys than those in force. */
  Optional<Verified> find(String token, VerificationKeys inForce, Instant now) {
    return Optional.ofNullable(byHash.getIfPresent(hash(token)))
      .filter(known -> known.by == inForce && known.until.isAfter(now));
  }

  void remember(String token, Verified verified) {
    byHash.put(hash(token), verified);
  }

  private static String hash(String token) {
    return Base64.getEncoder().encodeToString(Sha256.of(token));
  }
}
