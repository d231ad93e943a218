package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.anteroom.config.tls.Pem;
import io.anteroom.config.tls.Pem.WrongPem;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.anteroom.edge.auth.jwt.VerificationKeys.One;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/** Makes key rings of what others publish; passes over the keys that are of no use, and demands that one is left. */
final class KeyParser {
  private static final int LEAST_RSA_BITS = 2048;
  /** A longer one only costs time. */
  private static final int MOST_RSA_BITS = 8192;
  private static final int LEAST_SECRET = 32;

  private KeyParser() {
  }

  /** For HS256: what we and the teaching system both know. */
  static VerificationKeys ofSecret(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < LEAST_SECRET) {
      throw new Unusable("right would be a secret of %d bytes or more, not %d"
        .formatted(LEAST_SECRET, bytes.length));
    }
    return new VerificationKeys(List.of(new One(Optional.empty(), JWSAlgorithm.HS256,
      new SecretKeySpec(bytes, "HmacSHA256"))));
  }

  /** A JWKS as it is published at an address. */
  static VerificationKeys ofJwks(String text) {
    return new VerificationKeys(jwks(text).flatMap(key -> usable(key).stream()).toList());
  }

  /** What stands in a file: a JWKS or PEM. */
  static VerificationKeys ofFile(String text) {
    return text.stripLeading().startsWith("{") ? ofJwks(text)
      : new VerificationKeys(PublicKeyPem.publicKeys(text).stream().flatMap(key -> usable(key).stream()).toList());
  }

  private static Stream<JWK> jwks(String text) {
    try {
      Map<String, Object>[] keys = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(text), "keys");
      return keys == null ? Stream.empty() : Arrays.stream(keys).flatMap(key -> jwk(key).stream());
    } catch (ParseException noJwks) {
      throw new Unusable("right would be a JWKS, {\"keys\":[…]}");
    }
  }

  private static Optional<JWK> jwk(Map<String, Object> key) {
    try {
      return Optional.of(JWK.parse(key));
    } catch (ParseException | IllegalArgumentException brokenOrUnheardOf) {
      return Optional.empty();
    }
  }

  private static Optional<One> usable(JWK key) {
    if (!isForSignatures(key)) {
      return Optional.empty();
    }
    try {
      if (key instanceof RSAKey rsa && rsa.size() >= LEAST_RSA_BITS && rsa.size() <= MOST_RSA_BITS) {
        return one(key, JWSAlgorithm.RS256, rsa.toRSAPublicKey());
      }
      return key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)
        ? one(key, JWSAlgorithm.ES256, ec.toECPublicKey()) : Optional.empty();
    } catch (JOSEException broken) {
      return Optional.empty();
    }
  }

  private static boolean isForSignatures(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
      && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static Optional<One> one(JWK key, JWSAlgorithm algorithm, java.security.Key material) {
    Algorithm meant = key.getAlgorithm();
    return meant == null || meant.equals(algorithm)
      ? Optional.of(new One(Optional.ofNullable(key.getKeyID()), algorithm, material)) : Optional.empty();
  }

  /** Reads public keys, and those of certificates, in PEM. */
  static final class PublicKeyPem {
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
        ? Optional.ofNullable(Curve.forECParameterSpec(ec.getParams())).map(curve -> new ECKey.Builder(curve, ec)
        .build())
        : Optional.empty();
    }
  }
}
