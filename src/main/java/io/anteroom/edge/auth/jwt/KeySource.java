package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.vertx.core.Future;
import java.util.Optional;

/** Provides the keys of a token issuer. */
public interface KeySource {

  /** Loads keys for the first time; fails with a message when that can never succeed. */
  Future<Void> open();

  /** The current keys; empty until some could be loaded. */
  Optional<VerificationKeys> inForce();

  /** The keys to verify such a token with, reloaded before if they do not contain its key. */
  Future<Optional<VerificationKeys>> forToken(JWSHeader header);

  /** Keys that never change: a shared secret. */
  record FixedKeys(VerificationKeys keys) implements KeySource {

    @Override
    public Future<Void> open() {
      return Future.succeededFuture();
    }

    @Override
    public Optional<VerificationKeys> inForce() {
      return Optional.of(keys);
    }

    @Override
    public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
      return Future.succeededFuture(inForce());
    }
  }
}
