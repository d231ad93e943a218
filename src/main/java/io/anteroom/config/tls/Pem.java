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

/** One block of a PEM file; text around the blocks means nothing. */
public record Pem(String type, byte[] content) {
  public static final String CERTIFICATE = "CERTIFICATE";
  private static final long LARGEST = 1 << 20;
  private static final Pattern BLOCK =
    Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** @throws WrongPem when it cannot be read */
  static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new WrongPem("it is too large for a PEM file: %d bytes".formatted(Files.size(file)));
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException cause) {
      throw new WrongPem("it cannot be read (%s); right would be a PEM file that the user of this process may read"
        .formatted(FileErrors.reason(cause)));
    }
  }

  /** @throws WrongPem when one is broken */
  public static List<Pem> blocks(String text) {
    List<Pem> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Pem(matcher.group(1), decoded(matcher.group(2))));
    }
    return blocks;
  }

  /** @throws WrongPem when there is none, or when one is broken */
  static List<X509Certificate> certificates(String text) {
    List<X509Certificate> found = blocks(text).stream().filter(block -> block.type().equals(CERTIFICATE))
      .map(Pem::certificate).toList();
    if (found.isEmpty()) {
      throw new WrongPem("there is no certificate in it;"
        + " right would be a PEM file with blocks that begin with -----BEGIN CERTIFICATE-----");
    }
    return found;
  }

  /** @throws WrongPem when it is none */
  public X509Certificate certificate() {
    try {
      return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(content));
    } catch (CertificateException cause) {
      throw new WrongPem("a certificate in it is broken (%s); right would be the file as it was issued"
        .formatted(cause.getMessage()));
    }
  }

  /** A block of a key may have lines like {@code DEK-Info} before it, which say that it is encrypted. */
  private static byte[] decoded(String base64) {
    try {
      return base64.contains(":") ? new byte[0] : Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException cause) {
      throw new WrongPem("a block in it is not base64; right would be the file as it was issued");
    }
  }

  /** A PEM file that cannot be used; the message says what is wrong with it and what would be right. */
  public static final class WrongPem extends RuntimeException {
    WrongPem(String message) {
      super(message);
    }
  }
}
