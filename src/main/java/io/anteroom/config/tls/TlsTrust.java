package io.anteroom.config.tls;

import io.anteroom.config.tls.Certificate.Chain;
import io.anteroom.config.tls.Pem.WrongPem;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Whom this node trusts when it speaks TLS to somebody who has to show who he is, and what it shows itself.
 *
 * @param authority PEM: whose certificates are believed; empty for those that Java believes
 * @param own       what this node shows; empty for nothing
 */
public record TlsTrust(Optional<Path> authority, Optional<CertificateFiles> own) {
  public static final TlsTrust USUAL = new TlsTrust(Optional.empty(), Optional.empty());

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

  /** Whose certificates are believed; a file may name several, as while one follows another. */
  public record Authority(List<X509Certificate> roots) {

    /** @throws WrongPem when it cannot be used */
    public static Authority read(Path file) {
      List<X509Certificate> roots = Pem.certificates(Pem.text(file));
      roots.forEach(root -> Chain.checkTime(root, Clock.systemUTC().instant()));
      return new Authority(roots);
    }

    /** Whether one of them has issued what is in this file, straight or through those that follow it there. */
    public boolean hasIssued(Path chain) {
      return Pem.certificates(Pem.text(chain)).stream()
        .anyMatch(certificate -> roots.stream().anyMatch(root -> isIssuer(root, certificate)));
    }

    private static boolean isIssuer(X509Certificate root, X509Certificate certificate) {
      try {
        certificate.verify(root.getPublicKey());
        return true;
      } catch (GeneralSecurityException another) {
        return false;
      }
    }
  }
}
