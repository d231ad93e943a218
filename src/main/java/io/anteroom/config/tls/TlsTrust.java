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
 * The TLS settings of connections to other servers: which authority is trusted, and which client certificate is sent.
 *
 * @param authority PEM: the trusted authority; empty for those that Java trusts
 * @param own       the certificate of this node; empty for none
 */
public record TlsTrust(Optional<Path> authority, Optional<CertificateFiles> own) {
  public static final TlsTrust USUAL = new TlsTrust(Optional.empty(), Optional.empty());

  /** Whether TLS is mutual: both sides authenticate by certificates of the configured authority. */
  public boolean isMutual() {
    return authority.isPresent() && own.isPresent();
  }

  /** The same options, which trust only the configured authority if there is one. */
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

  /** The trusted authorities; a file may contain several, as during a changeover. */
  public record Authority(List<X509Certificate> roots) {

    /** @throws WrongPem if it cannot be used */
    public static Authority read(Path file) {
      List<X509Certificate> roots = Pem.certificates(Pem.text(file));
      roots.forEach(root -> Chain.checkTime(root, Clock.systemUTC().instant()));
      return new Authority(roots);
    }

    /** Whether one of them has issued the certificate in this file, directly or through the intermediates in it. */
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
