package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.vertx.core.Future;
import java.util.Optional;

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
