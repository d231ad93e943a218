package io.anteroom.config.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/**
 * Where a certificate of ours stands.
 *
 * @param chain PEM: the certificate itself first, then those of who issued it
 * @param key   PEM: its private key in PKCS#8, without a passphrase
 */
public record CertificateFiles(Path chain, Path key) {

  /** Reads and checks them; both files are looked at even when the first is wrong. */
  public CertificateReading read() {
    return new CertificateReading(this);
  }

  /** Whether anybody with an account on this machine can read the key. */
  public boolean isKeyOpenToAll() {
    try {
      return Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }
}
