package io.anteroom.config.tls;

import io.anteroom.config.FileWatch;
import io.anteroom.config.WrongSettings;
import java.util.List;

/** Certificates that are renewed while a node runs. */
public final class Certificates {
  private Certificates() {
  }

  /**
   * Reads a certificate and its key, and again whenever one of the two files has changed.
   *
   * <p>A renewal may write the one a while before the other. What does not belong together stays out of force then, and
   * the change of the other is looked at as any change is.
   *
   * @param whose for the log
   * @throws WrongSettings with all that is wrong
   */
  public static FileWatch<Certificate> watch(String whose, CertificateFiles files) {
    return new FileWatch<>("certificate of " + whose, List.of(files.chain(), files.key()), () -> read(files));
  }

  private static Certificate read(CertificateFiles files) {
    CertificateReading reading = files.read();
    return reading.certificate().orElseThrow(() -> new WrongSettings(reading.complaints()));
  }
}
