package io.anteroom.support.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;

/** A teaching system's signing key, and all that can be signed with it, wrong things too. */
public final class TokenIssuer {
  private final JWK key;
  private final JWSAlgorithm algorithm;

  private TokenIssuer(JWK key, JWSAlgorithm algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  public static TokenIssuer rsa(String id) {
    try {
      return new TokenIssuer(new RSAKeyGenerator(2048).keyID(id).generate(), JWSAlgorithm.RS256);
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  public static TokenIssuer ec(String id) {
    try {
      return new TokenIssuer(new ECKeyGenerator(Curve.P_256).keyID(id).generate(), JWSAlgorithm.ES256);
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  public JWK key() {
    return key;
  }

  /** The public half, as it is published. */
  public String jwks() {
    return new JWKSet(List.of(key.toPublicJWK())).toString();
  }

  public String token(JsonObject claims) {
    return token(claims, header -> header);
  }

  /** One whose header has something more, or something else. */
  public String token(JsonObject claims, UnaryOperator<JWSHeader.Builder> more) {
    return sign(claims.encode(), more.apply(new JWSHeader.Builder(algorithm).keyID(key.getKeyID())
      .type(JOSEObjectType.JWT)).build());
  }

  /** Signs any text. */
  public String sign(String payload, JWSHeader header) {
    try {
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, header.getAlgorithm());
      JWSObject signed = new JWSObject(header, new Payload(payload));
      signed.sign(signer);
      return signed.serialize();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  public JWSHeader header() {
    return new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
  }
}
