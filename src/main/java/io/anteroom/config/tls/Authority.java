package io.anteroom.config.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;

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
