package io.anteroom.edge.auth.token;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads public keys and certificates in PEM. */
final class Pem {
  private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final String RSA = "RSA";
  private static final String EC = "EC";

  private Pem() {
  }

  static Stream<JWK> publicKeys(String text) {
    return BLOCK.matcher(text).results().flatMap(block -> key(block).flatMap(Pem::jwk).stream());
  }

  private static Optional<PublicKey> key(MatchResult block) {
    byte[] content = content(block.group(2));
    return switch (block.group(1)) {
      case "PUBLIC KEY" -> publicKey(content);
      case "CERTIFICATE" -> ofCertificate(content);
      default -> throw new Unusable("right would be PUBLIC KEY or CERTIFICATE, not " + block.group(1));
    };
  }

  private static byte[] content(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException broken) {
      return new byte[0];
    }
  }

  private static Optional<PublicKey> publicKey(byte[] content) {
    return Stream.of(RSA, EC).flatMap(kind -> publicKey(kind, content).stream()).findFirst();
  }

  private static Optional<PublicKey> publicKey(String kind, byte[] content) {
    try {
      return Optional.of(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(content)));
    } catch (GeneralSecurityException anotherKind) {
      return Optional.empty();
    }
  }

  private static Optional<PublicKey> ofCertificate(byte[] content) {
    try {
      return Optional.of(CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(content)).getPublicKey());
    } catch (GeneralSecurityException broken) {
      return Optional.empty();
    }
  }

  private static Optional<JWK> jwk(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return Optional.of(new RSAKey.Builder(rsa).build());
    }
    return key instanceof ECPublicKey ec
      ? Optional.ofNullable(Curve.forECParameterSpec(ec.getParams())).map(curve -> new ECKey.Builder(curve, ec).build())
      : Optional.empty();
  }
}
