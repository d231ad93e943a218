package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.vertx.core.Future;
import java.util.Optional;

/** Where the keys of somebody who issues tokens come from. */
public interface KeySource {

  /** Gets keys for the first time; fails with words when that can never come to anything. */
  Future<Void> open();

  /** Those in force now; empty as long as none could be got. */
  Optional<KeyRing> inForce();

  /** Those that such a token is to be checked by, after having looked for newer ones if they do not know its key. */
  Future<Optional<KeyRing>> forToken(JWSHeader header);

  /** Keys that never change: a shared secret. */
  record FixedKeys(KeyRing ring) implements KeySource {

    @Override
    public Future<Void> open() {
      return Future.succeededFuture();
    }

    @Override
    public Optional<KeyRing> inForce() {
      return Optional.of(ring);
    }

    @Override
    public Future<Optional<KeyRing>> forToken(JWSHeader header) {
      return Future.succeededFuture(inForce());
    }
  }
}
