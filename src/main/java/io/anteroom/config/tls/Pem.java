package io.anteroom.config.tls;

import io.anteroom.config.files.FileErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One block of a PEM file; text around the blocks is ignored. */
public record Pem(String type, byte[] content) {
  public static final String CERTIFICATE = "CERTIFICATE";
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern BLOCK =
    Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** @throws WrongPem if it cannot be read */
  static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new WrongPem("it is too large for a PEM file: %d bytes, the maximum is %d".formatted(Files.size(file),
          MAX_BYTES));
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException cause) {
      throw new WrongPem("it cannot be read (%s): expected a PEM file that the user of this process may read"
        .formatted(FileErrors.reason(cause)));
    }
  }

  /** @throws WrongPem if one is corrupt */
  public static List<Pem> blocks(String text) {
    List<Pem> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Pem(matcher.group(1), decoded(matcher.group(2))));
    }
    return blocks;
  }

  /** @throws WrongPem if there is none, or one is corrupt */
  static List<X509Certificate> certificates(String text) {
    List<X509Certificate> found = blocks(text).stream().filter(block -> block.type().equals(CERTIFICATE))
      .map(Pem::certificate).toList();
    if (found.isEmpty()) {
      throw new WrongPem("there is no certificate in it:"
        + " expected a PEM file with blocks that begin with -----BEGIN CERTIFICATE-----");
    }
    return found;
  }

  /** @throws WrongPem if it is not one */
  public X509Certificate certificate() {
    try {
      return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(content));
    } catch (CertificateException cause) {
      throw new WrongPem("a certificate in it is corrupt (%s): expected the file as it was issued"
        .formatted(cause.getMessage()));
    }
  }

  /** A key block may start with headers such as {@code DEK-Info}, which mark it as encrypted. */
  private static byte[] decoded(String base64) {
    try {
      return base64.contains(":") ? new byte[0] : Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException cause) {
      throw new WrongPem("a block in it is not base64: expected the file as it was issued");
    }
  }

  /** An unusable PEM file; the message says what is wrong with it and what is expected. */
  public static final class WrongPem extends RuntimeException {
    WrongPem(String message) {
      super(message);
    }
  }
}
