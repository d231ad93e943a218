package io.anteroom.config.tls;

import io.anteroom.config.tls.Pem.WrongPem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

  /** A certificate followed by those of who issued it, as a server shows them. */
  static final class Chain {
    private Chain() {
    }

    /** @throws WrongPem when it is none that a browser would take today */
    static List<X509Certificate> of(String text, Clock clock) {
      List<X509Certificate> chain = Pem.certificates(text);
      chain.forEach(certificate -> checkTime(certificate, clock.instant()));
      for (int at = 1; at < chain.size(); at++) {
        checkIssuer(chain.get(at - 1), chain.get(at));
      }
      return chain;
    }

    static void checkTime(X509Certificate certificate, Instant now) {
      if (now.isAfter(certificate.getNotAfter().toInstant())) {
        throw new WrongPem("the certificate of '%s' has expired on %s; right would be a renewed one"
          .formatted(name(certificate), certificate.getNotAfter().toInstant()));
      }
      if (now.isBefore(certificate.getNotBefore().toInstant())) {
        throw new WrongPem(("the certificate of '%s' is valid from %s on; right would be one for today, if this"
          + " machine's clock is right").formatted(name(certificate), certificate.getNotBefore().toInstant()));
      }
    }

    private static void checkIssuer(X509Certificate certificate, X509Certificate issuer) {
      try {
        certificate.verify(issuer.getPublicKey());
      } catch (GeneralSecurityException notSigned) {
        throw new WrongPem(("the certificate of '%s' is followed by that of '%s', which has not issued it;"
          + " right would be the server's own first, then its issuer's, and so on")
          .formatted(name(certificate), name(issuer)));
      }
    }

    private static String name(X509Certificate certificate) {
      return certificate.getSubjectX500Principal().getName();
    }
  }
}
