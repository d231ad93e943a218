package io.anteroom.support.server;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLContext;

/** A certificate authority of one test; what it issues is written as PEM files, for this run only. */
public final class TestAuthority {
  private final Path folder;
  private final X509Bundle root;

  /** What it has issued: the files, and the certificate as others see it. */
  public record Issued(Path chain, Path key, X509Bundle bundle) {
    /** Takes the place of what stands in these files, as a renewal does. */
    public void replace(Issued other) {
      write(other.chain(), bundle.getCertificatePathPEM());
      write(other.key(), bundle.getPrivateKeyPEM());
    }
  }

  /** One whose files go into this folder. */
  public TestAuthority(String name, Path folder) {
    this.folder = folder;
    try {
      root = new CertificateBuilder().subject("CN=" + name).setIsCertificateAuthority(true)
        .setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyCertSign).buildSelfSigned();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    write(file(), root.getCertificatePEM());
  }

  /** Its own certificate, for those who trust it. */
  public Path file() {
    return folder.resolve(root.getCertificate().getSubjectX500Principal().getName().replace("CN=", "") + ".pem");
  }

  /** For who believes this authority and no other. */
  public PemTrustOptions trust() {
    return new PemTrustOptions().addCertPath(file().toString());
  }

  /** For sockets of Java's own that believe this authority and no other. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, root.toTrustManagerFactory().getTrustManagers(), null);
      return context;
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** A certificate for localhost and 127.0.0.1. */
  public Issued issue(String name) {
    return issue(name, local());
  }

  /** The same, not to be renewed soon. */
  public Issued issueForAMonth(String name) {
    return issue(name, local().notAfter(now().plus(30, ChronoUnit.DAYS)));
  }

  /** One that was valid until yesterday. */
  public Issued issueExpired(String name) {
    return issue(name, local().notBefore(now().minus(9, ChronoUnit.DAYS)).notAfter(now().minus(1, ChronoUnit.DAYS)));
  }

  /** One that is valid from tomorrow on. */
  public Issued issueTooSoon(String name) {
    return issue(name, local().notBefore(now().plus(1, ChronoUnit.DAYS)).notAfter(now().plus(9, ChronoUnit.DAYS)));
  }

  /** One for another name than that of this machine. */
  public Issued issueForAnotherName(String name) {
    return issue(name, new CertificateBuilder().addSanDnsName("elsewhere.example"));
  }

  private Issued issue(String name, CertificateBuilder builder) {
    try {
      X509Bundle bundle = builder.subject("CN=" + name).setKeyUsage(true, KeyUsage.digitalSignature)
        .addExtendedKeyUsageServerAuth().addExtendedKeyUsageClientAuth().buildIssuedBy(root);
      return new Issued(write(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM()),
        write(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM()), bundle);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static CertificateBuilder local() {
    return new CertificateBuilder().addSanDnsName("localhost").addSanIpAddress("127.0.0.1");
  }

  private static Instant now() {
    return Instant.now();
  }

  private static Path write(Path file, String pem) {
    try {
      return Files.writeString(file, pem);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
