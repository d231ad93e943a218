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

/** Parses published keys; skips those that cannot be used, and fails when none is left. */
final class KeyParser {
  private static final int MIN_RSA_BITS = 2048;
  /** Longer keys only cost time. */
  private static final int MAX_RSA_BITS = 8192;
  private static final int MIN_SECRET = 32;

  private KeyParser() {
  }

  /** For HS256: the secret that Anteroom and the teaching system share. */
  static VerificationKeys ofSecret(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_SECRET) {
      throw new Unusable("expected a secret of %d bytes or more, not %d"
        .formatted(MIN_SECRET, bytes.length));
    }
    return new VerificationKeys(List.of(new One(Optional.empty(), JWSAlgorithm.HS256,
      new SecretKeySpec(bytes, "HmacSHA256"))));
  }

  /** A JWKS as a provider publishes it. */
  static VerificationKeys ofJwks(String text) {
    return new VerificationKeys(jwks(text).flatMap(key -> usable(key).stream()).toList());
  }

  /** The content of a file: a JWKS or PEM. */
  static VerificationKeys ofFile(String text) {
    return text.stripLeading().startsWith("{") ? ofJwks(text)
      : new VerificationKeys(PublicKeyPem.publicKeys(text).stream().flatMap(key -> usable(key).stream()).toList());
  }

  private static Stream<JWK> jwks(String text) {
    try {
      Map<String, Object>[] keys = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(text), "keys");
      return keys == null ? Stream.empty() : Arrays.stream(keys).flatMap(key -> jwk(key).stream());
    } catch (ParseException notAJwks) {
      throw new Unusable("expected a JWKS, {\"keys\":[…]}");
    }
  }

  private static Optional<JWK> jwk(Map<String, Object> key) {
    try {
      return Optional.of(JWK.parse(key));
    } catch (ParseException | IllegalArgumentException brokenOrUnknown) {
      return Optional.empty();
    }
  }

  private static Optional<One> usable(JWK key) {
    if (!isForSignatures(key)) {
      return Optional.empty();
    }
    try {
      if (key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS && rsa.size() <= MAX_RSA_BITS) {
        return keyFor(key, JWSAlgorithm.RS256, rsa.toRSAPublicKey());
      }
      return key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)
        ? keyFor(key, JWSAlgorithm.ES256, ec.toECPublicKey()) : Optional.empty();
    } catch (JOSEException broken) {
      return Optional.empty();
    }
  }

  private static boolean isForSignatures(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
      && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static Optional<One> keyFor(JWK key, JWSAlgorithm algorithm, java.security.Key material) {
    Algorithm declared = key.getAlgorithm();
    return declared == null || declared.equals(algorithm)
      ? Optional.of(new One(Optional.ofNullable(key.getKeyID()), algorithm, material)) : Optional.empty();
  }

  /** Reads public keys, and those of certificates, in PEM. */
  static final class PublicKeyPem {
    private static final String RSA = "RSA";
    private static final String EC = "EC";

    private PublicKeyPem() {
    }

    /** The keys of types that sign tokens. */
    static List<JWK> publicKeys(String text) {
      try {
        return Pem.blocks(text).stream()
          .flatMap(block -> key(block).flatMap(PublicKeyPem::jwk).stream()).toList();
      } catch (WrongPem invalid) {
        throw new Unusable(invalid.getMessage());
      }
    }

    private static Optional<PublicKey> key(Pem block) {
      return switch (block.type()) {
        case "PUBLIC KEY" -> publicKey(block.content());
        case Pem.CERTIFICATE -> Optional.of(block.certificate().getPublicKey());
        default -> throw new Unusable("expected PUBLIC KEY or CERTIFICATE, not " + block.type());
      };
    }

    private static Optional<PublicKey> publicKey(byte[] content) {
      return Stream.of(RSA, EC).flatMap(type -> publicKey(type, content).stream()).findFirst();
    }

    private static Optional<PublicKey> publicKey(String type, byte[] content) {
      try {
        return Optional.of(KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(content)));
      } catch (GeneralSecurityException anotherType) {
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
