package io.anteroom.config.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate that was checked, with its chain and the key that belongs to it, as PEM.
 *
 * @param own the first of the chain
 */
public record Certificate(Buffer chain, Buffer key, X509Certificate own) {

  /** For what listens or connects with it: what was checked, whatever stands in the files by now. */
  public KeyCertOptions options() {
    return new PemKeyCertOptions().addCertValue(chain).addKeyValue(key);
  }

  /** How long it is still valid. */
  public Duration rest(Instant now) {
    return Duration.between(now, own.getNotAfter().toInstant());
  }

  /** Whose it is and until when, without the key. */
  @Override
  public String toString() {
    return "'%s' until %s".formatted(own.getSubjectX500Principal().getName(), own.getNotAfter().toInstant());
  }
}
