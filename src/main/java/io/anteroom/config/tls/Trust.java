package io.anteroom.config.tls;

import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom this node trusts when it speaks TLS to somebody who has to show who he is, and what it shows itself.
 *
 * @param authority PEM: whose certificates are believed; empty for those that Java believes
 * @param own       what this node shows; empty for nothing
 */
public record Trust(Optional<Path> authority, Optional<CertificateFiles> own) {
  public static final Trust USUAL = new Trust(Optional.empty(), Optional.empty());

  /** Whether both sides show who they are, to one authority that is named. */
  public boolean isMutual() {
    return authority.isPresent() && own.isPresent();
  }

  /** The same options, which believe no other authority where one is named. */
  public <O extends ClientOptionsBase> O applyTo(O options) {
    trusted().ifPresent(options::setTrustOptions);
    return options;
  }

  public Optional<TrustOptions> trusted() {
    return authority.map(file -> new PemTrustOptions().addCertPath(file.toString()));
  }

  public Optional<KeyCertOptions> shown() {
    return own.map(files ->
      new PemKeyCertOptions().addCertPath(files.chain().toString()).addKeyPath(files.key().toString()));
  }
}
