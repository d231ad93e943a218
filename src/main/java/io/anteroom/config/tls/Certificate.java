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
 * A checked certificate with its chain and private key, as PEM.
 *
 * @param own the first of the chain
 */
public record Certificate(Buffer chain, Buffer key, X509Certificate own) {

  /** Options for servers and clients, with what was checked, even if the files have changed since. */
  public KeyCertOptions options() {
    return new PemKeyCertOptions().addCertValue(chain).addKeyValue(key);
  }

  /** The remaining validity. */
  public Duration rest(Instant now) {
    return Duration.between(now, own.getNotAfter().toInstant());
  }

  /** Subject and expiry, without the key. */
  @Override
  public String toString() {
    return "'%s' until %s".formatted(own.getSubjectX500Principal().getName(), own.getNotAfter().toInstant());
  }

  /** A certificate followed by those of its issuers, as a server sends them. */
  static final class Chain {
    private Chain() {
    }

    /** @throws WrongPem if browsers would reject it today */
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
        throw new WrongPem("the certificate of '%s' has expired on %s: expected a renewed one"
          .formatted(name(certificate), certificate.getNotAfter().toInstant()));
      }
      if (now.isBefore(certificate.getNotBefore().toInstant())) {
        throw new WrongPem(("the certificate of '%s' is valid from %s on: expected one that is valid now; also check"
          + " the clock of this machine").formatted(name(certificate), certificate.getNotBefore().toInstant()));
      }
    }

    private static void checkIssuer(X509Certificate certificate, X509Certificate issuer) {
      try {
        certificate.verify(issuer.getPublicKey());
      } catch (GeneralSecurityException notSigned) {
        throw new WrongPem(("the certificate of '%s' is followed by that of '%s', which has not issued it:"
          + " expected the server's own first, then its issuer's, and so on")
          .formatted(name(certificate), name(issuer)));
      }
    }

    private static String name(X509Certificate certificate) {
      return certificate.getSubjectX500Principal().getName();
    }
  }
}
