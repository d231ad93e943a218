package io.anteroom.edge.auth.jwt;

import static io.anteroom.edge.auth.jwt.TokenFixture.COOKIE;
import static io.anteroom.edge.auth.jwt.TokenFixture.NOBODY;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import io.anteroom.attack.Attack;
import io.anteroom.edge.auth.jwt.JwtVerifier.SignedToken;
import io.anteroom.edge.auth.jwt.KeySource.FixedKeys;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that look right and are not; beside each stands a true one, so that no door is closed to everybody. */
class TokenAttacksTest {
  private static final TokenIssuer SCHOOL = TokenIssuer.rsa("one");
  private static final String ALICE = "alice student []";

  private final Vertx vertx = Vertx.vertx();
  private final TokenFixture door = new TokenFixture(vertx, new FixedKeys(KeyParser.ofJwks(SCHOOL.jwks())));

  @AfterEach
  void close() {
    door.close();
    done(vertx.close());
  }

  @Test
  void aTrueTokenNamesItsUserAsBearerAndAsCookie() {
    String token = SCHOOL.token(door.claims().put("groups", new JsonArray().add("7b").add("club")));

    assertThat(door.bearer(token)).isEqualTo("alice student [\"7b\",\"club\"]");
    assertThat(door.ask("/", "Cookie", COOKIE + "=" + token)).isEqualTo("alice student [\"7b\",\"club\"]");
    assertThat(door.ask("/", "Cookie", COOKIE + "=" + token, "Authorization", "Basic YTpi"))
      .as("what a proxy asks for besides").isEqualTo("alice student [\"7b\",\"club\"]");
  }

  @Test
  @Attack(1)
  void aTokenThatIsNotSignedNamesNobodyInTwoPartsAndInThree() {
    String unsigned = base64("{\"alg\":\"none\"}") + "." + base64(door.claims().put("sub", "admin").encode());
    String signature = SCHOOL.token(door.claims()).split("\\.")[2];

    assertThat(door.bearer(unsigned)).isEqualTo(NOBODY);
    assertThat(door.bearer(unsigned + ".")).isEqualTo(NOBODY);
    assertThat(door.bearer(unsigned + "." + signature)).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims()).replaceAll("\\.[^.]*$", "."))).isEqualTo(NOBODY);
  }

  @Test
  @Attack(3)
  void aTokenSignedWithThePublicKeyAsASecretNamesNobody() throws Exception {
    byte[] published = SCHOOL.key().toRSAKey().toRSAPublicKey().getEncoded();
    String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'})
      .encodeToString(published) + "\n-----END PUBLIC KEY-----\n";

    for (byte[] secret : new byte[][] {published, pem.getBytes(StandardCharsets.US_ASCII)}) {
      JWSObject token = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(),
        new Payload(door.claims().encode()));
      token.sign(new MACSigner(secret));
      assertThat(door.bearer(token.serialize())).isEqualTo(NOBODY);
    }
  }

  @Test
  @Attack(3)
  void aTokenIsNotCheckedByTheKeyThatItBringsAlong() {
    TokenIssuer stranger = TokenIssuer.rsa("one");

    assertThat(door.bearer(stranger.token(door.claims()))).isEqualTo(NOBODY);
    assertThat(door.bearer(stranger.token(door.claims(), header -> header.jwk(stranger.key().toPublicJWK()))))
      .isEqualTo(NOBODY);
  }

  @Test
  @Attack(4)
  void aTokenWithoutAnEndOrWithAStrangeOneNamesNobody() {
    long now = door.clock.instant().getEpochSecond();

    assertThat(door.bearer(SCHOOL.token(without("exp")))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("exp", "" + (now + 3600))))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("exp", now + Duration.ofDays(31).toSeconds()))))
      .isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("exp", 1e300)))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().putNull("exp")))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("exp", now + Duration.ofDays(29).toSeconds()))))
      .isEqualTo(ALICE);
  }

  @Test
  @Attack(4)
  void aTokenIsGoodUntilAMinuteAfterItsEndAndFromAMinuteBeforeItsBeginning() {
    long now = door.clock.instant().getEpochSecond();

    assertThat(door.bearer(SCHOOL.token(door.claims().put("exp", now - 59)))).isEqualTo(ALICE);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("exp", now - 61)))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("nbf", now + 59)))).isEqualTo(ALICE);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("nbf", now + 61)))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("iat", now + 61)))).isEqualTo(NOBODY);
  }

  @Test
  @Attack(5)
  void aTokenOfAnotherOrForAnotherNamesNobody() {
    assertThat(door.bearer(SCHOOL.token(door.claims().put("iss", "https://school.example/")))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(without("iss")))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("aud", "library")))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(without("aud")))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims().put("aud", new JsonArray().add("library").add("anteroom")))))
      .isEqualTo(ALICE);
  }

  @Test
  @Attack(8)
  void aTokenInTheAddressNamesNobody() {
    String token = SCHOOL.token(door.claims());

    for (String name : Set.of("access_token", "token", "jwt", COOKIE)) {
      assertThat(door.ask("/?" + name + "=" + token)).isEqualTo(NOBODY);
    }
  }

  @Test
  @Attack(36)
  void nobodyIsMoreThanHisSignedRolesSay() {
    JsonObject admin = door.claims().put("role", new JsonArray().add("admin").add("ADMIN"));

    assertThat(door.bearer(SCHOOL.token(door.claims().put("role", "teacher")))).isEqualTo("alice teacher []");
    assertThat(door.bearer(SCHOOL.token(admin))).as("the lab names no role that makes admins").isEqualTo(ALICE);
    assertThat(door.ask("/?role=teacher&user=admin", "Authorization", "Bearer " + SCHOOL.token(door.claims()),
      "X-Role", "teacher")).isEqualTo(ALICE);
    assertThat(door.bearer(SCHOOL.token(door.claims(), header -> header.customParam("role", "teacher"))))
      .isEqualTo(ALICE);
    String[] parts = SCHOOL.token(door.claims()).split("\\.");
    String changed = base64(door.claims().put("role", "teacher").encode());
    assertThat(door.bearer(parts[0] + "." + changed + "." + parts[2])).isEqualTo(NOBODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout+jwt", "secevent+jwt", "dpop+jwt", "JOSE"})
  void aTokenOfAnotherTypeNamesNobody(String type) {
    assertThat(door.bearer(SCHOOL.token(door.claims(), header -> header.type(new JOSEObjectType(type)))))
      .isEqualTo(NOBODY);
  }

  @Test
  void aTokenThatWantsSomethingUnderstoodNamesNobody() {
    assertThat(door.bearer(SCHOOL.token(door.claims(), header -> header.criticalParams(Set.of("b64"))
      .base64URLEncodePayload(true)))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims(), header -> header.criticalParams(Set.of("exp"))
      .customParam("exp", 1)))).isEqualTo(NOBODY);
    assertThat(door.bearer(SCHOOL.token(door.claims(), header -> header.contentType("JWT")))).isEqualTo(NOBODY);
  }

  @Test
  void aTokenWithinATokenOrTooLongAOneNamesNobody() {
    assertThat(door.bearer(SCHOOL.sign(SCHOOL.token(door.claims()), SCHOOL.header()))).isEqualTo(NOBODY);
    String longOne = SCHOOL.token(door.claims().put("more", "x".repeat(SignedToken.MAX_LENGTH)));
    assertThat(SignedToken.read(longOne)).isEmpty();
    assertThat(SignedToken.read(SCHOOL.token(door.claims().put("more", "x".repeat(4000))))).isPresent();
  }

  @Test
  void aTokenThatIsThereTwiceNamesNobody() {
    String token = SCHOOL.token(door.claims());

    assertThat(door.ask("/", "Authorization", "Bearer " + token, "Authorization", "Bearer x")).isEqualTo(NOBODY);
    assertThat(door.ask("/", "Cookie", COOKIE + "=" + token + "; " + COOKIE + "=" + SCHOOL.token(
      door.claims().put("sub", "mallory")))).isEqualTo(NOBODY);
  }

  private JsonObject without(String claim) {
    JsonObject claims = door.claims();
    claims.remove(claim);
    return claims;
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
