package io.anteroom.config.tls;

import io.vertx.core.buffer.Buffer;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What reading a certificate and its key has brought: the two, or what is wrong with which of the files. */
public final class CertificateReading {
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

  /** Empty when something is wrong. */
  public Optional<Certificate> certificate() {
    return certificate;
  }

  public Optional<String> wrongChain() {
    return wrongChain;
  }

  public Optional<String> wrongKey() {
    return wrongKey;
  }

  /** All that is wrong, each with its file. */
  public List<String> complaints() {
    return Stream.concat(
      wrongChain.stream().map(wrong -> files.chain() + ": " + wrong),
      wrongKey.stream().map(wrong -> files.key() + ": " + wrong)).toList();
  }

  private void match(X509Certificate own, PrivateKeyPem key, String chain, String keyText) {
    if (key.belongsTo(own)) {
      certificate = Optional.of(new Certificate(Buffer.buffer(chain), Buffer.buffer(keyText), own));
    } else {
      wrongKey = Optional.of("it does not belong to the certificate in %s, which is the one of '%s';"
        .formatted(files.chain(), own.getSubjectX500Principal().getName())
        + " right would be the key with which that one was ordered");
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
