package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.vertx.core.Future;
import java.util.Optional;

/** Where the keys of somebody who issues tokens come from. */
public interface KeySource {

  /** Gets keys for the first time; fails with words when that can never come to anything. */
  Future<Void> open();

  /** Those in force now; empty as long as none could be got. */
  Optional<VerificationKeys> inForce();

  /** Those that such a token is to be checked by, after having looked for newer ones if they do not know its key. */
  Future<Optional<VerificationKeys>> forToken(JWSHeader header);

  /** Keys that never change: a shared secret. */
  record FixedKeys(VerificationKeys ring) implements KeySource {

    @Override
    public Future<Void> open() {
      return Future.succeededFuture();
    }

    @Override
    public Optional<VerificationKeys> inForce() {
      return Optional.of(ring);
    }

    @Override
    public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
      return Future.succeededFuture(inForce());
    }
  }
}
