package io.anteroom.edge.auth.jwt;

import io.anteroom.identity.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers which tokens were proved true, by their hash: a page loads hundreds of files with the same one. Forgets the
 * longest unused first; touched by one event loop only.
 */
final class TokenCache {
  private static final int MOST = 4096;

  private final Map<String, Verified> byHash = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Verified> eldest) {
      return size() > MOST;
    }
  };

  /**
   * A token that was proved.
   *
   * @param issued when, if it says so
   * @param until  when it is not good any more
   * @param by     the keys that proved it
   */
  record Verified(Identity identity, Optional<Instant> issued, Instant until, VerificationKeys by) {
  }

  /** The token, unless it is over by now, or was proved by other keys than those now in force. */
  Optional<Verified> find(String token, VerificationKeys inForce, Instant now) {
    return Optional.ofNullable(byHash.get(hash(token)))
      .filter(known -> known.by == inForce && known.until.isAfter(now));
  }

  void remember(String token, Verified verified) {
    byHash.put(hash(token), verified);
  }

  int size() {
    return byHash.size();
  }

  private static String hash(String token) {
    try {
      return Base64.getEncoder().encodeToString(
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
