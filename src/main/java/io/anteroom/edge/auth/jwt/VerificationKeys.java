package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.SecurityContext;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import java.security.Key;
import java.util.List;
import java.util.Optional;

/**
 * What tokens are checked by at one moment. Each key is for one algorithm: no token can choose how it is checked. There
 * is at least one, since nothing to check by must never look like nothing to object to.
 */
public record VerificationKeys(List<One> keys) implements SecurityContext {
  /** Rotation needs two or three. A token without a key's name is tried with all, so that there must not be many. */
  static final int MOST_KEYS = 50;

  /**
   * One key.
   *
   * @param id by which tokens call it; one without is tried for every token of its algorithm
   */
  record One(Optional<String> id, JWSAlgorithm algorithm, Key key) {
    boolean mayHaveSigned(JWSHeader header) {
      return algorithm.equals(header.getAlgorithm())
        && (id.isEmpty() || header.getKeyID() == null || id.get().equals(header.getKeyID()));
    }
  }

  public VerificationKeys {
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new Unusable(("right would be 1 to %d public keys of RSA (2048 bits or more, RS256) or P-256 (ES256)"
        + " for signatures, not %d").formatted(MOST_KEYS, keys.size()));
    }
    keys = List.copyOf(keys);
  }

  /** Whether one of them may have signed such a token. */
  public boolean knows(JWSHeader header) {
    return keys.stream().anyMatch(key -> key.mayHaveSigned(header));
  }

  /** Those that may have signed it; they are what the signature is checked by, whatever else the token brings along. */
  public List<Key> keysFor(JWSHeader header) {
    return keys.stream().filter(key -> key.mayHaveSigned(header)).map(One::key).toList();
  }

  int size() {
    return keys.size();
  }
}
