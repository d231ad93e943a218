package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.SecurityContext;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import java.security.Key;
import java.util.List;
import java.util.Optional;

/**
 * The keys that verify tokens at one moment. Each is for one algorithm, so a token cannot choose how it is verified
 * (algorithm confusion). There is at least one: without keys nothing may pass.
 */
public record VerificationKeys(List<One> keys) implements SecurityContext {
  /** Rotation needs two or three. A token without a key id is tried with all, so there must not be many. */
  static final int MAX_KEYS = 50;

  /**
   * One key.
   *
   * @param id by which tokens name it; a key without one is tried for every token of its algorithm
   */
  record One(Optional<String> id, JWSAlgorithm algorithm, Key key) {
    boolean mayHaveSigned(JWSHeader header) {
      return algorithm.equals(header.getAlgorithm())
        && (id.isEmpty() || header.getKeyID() == null || id.get().equals(header.getKeyID()));
    }
  }

  public VerificationKeys {
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new Unusable(("expected 1 to %d public keys of RSA (2048 bits or more, RS256) or P-256 (ES256)"
        + " for signatures, not %d").formatted(MAX_KEYS, keys.size()));
    }
    keys = List.copyOf(keys);
  }

  /** Whether one of them may have signed such a token. */
  public boolean knows(JWSHeader header) {
    return keys.stream().anyMatch(key -> key.mayHaveSigned(header));
  }

  /** Those that may have signed it; only these verify the signature, whatever keys the token itself contains. */
  public List<Key> keysFor(JWSHeader header) {
    return keys.stream().filter(key -> key.mayHaveSigned(header)).map(One::key).toList();
  }

  int size() {
    return keys.size();
  }
}
