package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.anteroom.config.tls.Pem;
import io.anteroom.config.tls.WrongPem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads public keys, and those of certificates, in PEM. */
final class PublicKeyPem {
  private static final String RSA = "RSA";
  private static final String EC = "EC";

  private PublicKeyPem() {
  }

  /** Those of the kinds that tokens are signed with. */
  static List<JWK> publicKeys(String text) {
    try {
      return Pem.blocks(text).stream()
        .flatMap(block -> key(block).flatMap(PublicKeyPem::jwk).stream()).toList();
    } catch (WrongPem wrong) {
      throw new Unusable(wrong.getMessage());
    }
  }

  private static Optional<PublicKey> key(Pem block) {
    return switch (block.type()) {
      case "PUBLIC KEY" -> publicKey(block.content());
      case Pem.CERTIFICATE -> Optional.of(block.certificate().getPublicKey());
      default -> throw new Unusable("right would be PUBLIC KEY or CERTIFICATE, not " + block.type());
    };
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

  private static Optional<JWK> jwk(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return Optional.of(new RSAKey.Builder(rsa).build());
    }
    return key instanceof ECPublicKey ec
      ? Optional.ofNullable(Curve.forECParameterSpec(ec.getParams())).map(curve -> new ECKey.Builder(curve, ec).build())
      : Optional.empty();
  }
}
