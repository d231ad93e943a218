package io.anteroom.config.tls;

import io.anteroom.config.files.FileWatcher;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.config.tls.Certificate.Chain;
import io.anteroom.config.tls.Pem.WrongPem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files of a certificate of ours.
 *
 * @param chain PEM: the certificate itself first, then those of its issuers
 * @param key   PEM: its private key in PKCS#8, without a passphrase
 */
public record CertificateFiles(Path chain, Path key) {

  /** Reads and checks both files, the second even if the first is invalid. */
  public CertificateReading read() {
    return new CertificateReading(this);
  }

  /** Whether every account on this machine can read the key. */
  public boolean isKeyOpenToAll() {
    try {
      return Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /** The result of reading a certificate and its key: the two, or the errors in either file. */
  public static final class CertificateReading {
    private final CertificateFiles files;
    private Optional<String> wrongChain = Optional.empty();
    private Optional<String> wrongKey = Optional.empty();
    private Optional<Certificate> certificate = Optional.empty();

    CertificateReading(CertificateFiles files) {
      this.files = files;
      Optional<String> chain = or(() -> Pem.text(files.chain()), wrong -> wrongChain = wrong);
      Optional<String> keyText = or(() -> Pem.text(files.key()), wrong -> wrongKey = wrong);
      Optional<List<X509Certificate>> certificates =
        chain.flatMap(text -> or(() -> Chain.of(text, Clock.systemUTC()), wrong -> wrongChain = wrong));
      Optional<PrivateKeyPem> key =
        keyText.flatMap(text -> or(() -> PrivateKeyPem.of(text, files.key()), wrong -> wrongKey = wrong));
      if (certificates.isPresent() && key.isPresent()) {
        match(certificates.get().get(0), key.get(), chain.orElseThrow(), keyText.orElseThrow());
      }
    }

    /** Empty if there is an error. */
    public Optional<Certificate> certificate() {
      return certificate;
    }

    public Optional<String> wrongChain() {
      return wrongChain;
    }

    public Optional<String> wrongKey() {
      return wrongKey;
    }

    /** All errors, each with its file. */
    public List<String> complaints() {
      return Stream.concat(
        wrongChain.stream().map(wrong -> files.chain() + ": " + wrong),
        wrongKey.stream().map(wrong -> files.key() + ": " + wrong)).toList();
    }

    private void match(X509Certificate own, PrivateKeyPem key, String chain, String keyText) {
      if (key.belongsTo(own)) {
        certificate = Optional.of(new Certificate(Buffer.buffer(chain), Buffer.buffer(keyText), own));
      } else {
        wrongKey = Optional.of("it does not belong to the certificate in %s, which is the one of '%s':"
          .formatted(files.chain(), own.getSubjectX500Principal().getName())
          + " expected the key for which that one was issued");
      }
    }

    private static <T> Optional<T> or(Supplier<T> reading, Consumer<Optional<String>> complaint) {
      try {
        return Optional.of(reading.get());
      } catch (WrongPem wrong) {
        complaint.accept(Optional.of(wrong.getMessage()));
        return Optional.empty();
      }
    }
  }

  /** Certificates that are renewed while a node runs. */
  public static final class Certificates {
    private Certificates() {
    }

    /**
     * Reads a certificate and its key, and again after every change of either file.
     *
     * <p>A renewal may write one file before the other. A mismatching pair does not come into force; the change of the
     * second file is then handled as any other.
     *
     * @param whose for the log
     * @throws InvalidSettingsException with all errors
     */
    public static FileWatcher<Certificate> watch(String whose, CertificateFiles files) {
      return new FileWatcher<>("certificate of " + whose, List.of(files.chain(), files.key()), () -> read(files));
    }

    private static Certificate read(CertificateFiles files) {
      CertificateReading reading = files.read();
      return reading.certificate().orElseThrow(() -> new InvalidSettingsException(reading.complaints()));
    }
  }
}
