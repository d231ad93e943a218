package io.anteroom.config.tls;

import io.anteroom.config.tls.Pem.WrongPem;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/** A private key from a PEM file. */
record PrivateKeyPem(PrivateKey key) {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC");
  private static final byte[] SAMPLE = {1, 2, 3};

  /**
   * Parses the key.
   *
   * @param file for the command in the error message
   * @throws WrongPem if there is no usable key
   */
  static PrivateKeyPem of(String text, Path file) {
    String rewrite =
      "expected the output of: openssl pkcs8 -topk8 -nocrypt -in %s -out key.pem".formatted(file);
    Pem block = Pem.blocks(text).stream().filter(one -> one.type().endsWith("PRIVATE KEY")).findFirst()
      .orElseThrow(() -> new WrongPem("there is no private key in it:"
        + " expected a PEM file that begins with -----BEGIN PRIVATE KEY-----"));
    if (block.type().startsWith("ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED")) {
      throw new WrongPem("the key is encrypted, and a server cannot ask for its passphrase: " + rewrite);
    }
    if (!block.type().equals("PRIVATE KEY")) {
      throw new WrongPem("the key is encoded as %s and not as PKCS#8: ".formatted(block.type()) + rewrite);
    }
    return ALGORITHMS.stream().map(algorithm -> read(algorithm, block)).flatMap(Optional::stream).findFirst()
      .map(PrivateKeyPem::new)
      .orElseThrow(() -> new WrongPem("the key is corrupt, or of a type that browsers do not support:"
        + " expected an RSA or an EC key"));
  }

  /** Whether the certificate contains the public half of this key: it verifies what this one signs. */
  boolean belongsTo(X509Certificate certificate) {
    try {
      Signature signature =
        Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException ofAnotherKind) {
      return false;
    }
  }

  private static Optional<PrivateKey> read(String algorithm, Pem block) {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block.content())));
    } catch (GeneralSecurityException ofAnotherKind) {
      return Optional.empty();
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "PrivateKeyPem[" + key.getAlgorithm() + "]";
  }
}
