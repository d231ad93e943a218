package io.anteroom.edge.auth.jwt;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.anteroom.support.MovableClock;
import io.anteroom.support.redis.MemorySignInStore;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in a file, and how the way in by tokens opens or does not. */
class KeyFileTest {
  private static final TokenIssuer RSA = TokenIssuer.rsa("one");
  private static final TokenIssuer EC = TokenIssuer.ec("two");

  @TempDir
  private Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void publicKeysInPemCheckTokensWhateverTheseCallThem() throws Exception {
    Path file = write(pem("PUBLIC KEY", RSA.key().toRSAKey().toPublicKey())
      + pem("PUBLIC KEY", EC.key().toECKey().toPublicKey()));

    KeyFile keys = opened(file);

    try (TokenFixture door = new TokenFixture(vertx, keys)) {
      assertThat(door.bearer(RSA.token(door.claims()))).isEqualTo("alice student []");
      assertThat(door.bearer(EC.token(door.claims()))).isEqualTo("alice student []");
      assertThat(door.bearer(TokenIssuer.rsa("one").token(door.claims()))).isEqualTo(TokenFixture.NOBODY);
    }
  }

  @Test
  void aChangedFileIsReadAndOneThatIsOfNoUseIsNot() throws IOException {
    Path file = write(RSA.jwks());
    KeyFile keys = opened(file);

    Files.writeString(file, "{\"keys\":[]} and more");
    Files.writeString(directory.resolve("next"), EC.jwks());
    assertThat(keys.inForce()).hasValueSatisfying(ring -> assertThat(ring.knows(RSA.header())).isTrue());
    Files.move(directory.resolve("next"), file, StandardCopyOption.REPLACE_EXISTING);

    until(() -> keys.inForce().orElseThrow().knows(EC.header()));
    assertThat(keys.inForce().orElseThrow().knows(RSA.header())).isFalse();
    Files.delete(file);
    Files.writeString(file, RSA.jwks());
    until(() -> keys.inForce().orElseThrow().knows(RSA.header()));
  }

  @Test
  @Attack(2)
  void aFileOfNoUseOrNoneStopsTheStart() throws IOException {
    assertThatThrownBy(() -> opened(directory.resolve("missing"))).isInstanceOf(Unusable.class);
    assertThatThrownBy(() -> opened(write("")))
      .isInstanceOf(Unusable.class).hasMessageContaining("expected");
    assertThatThrownBy(() -> opened(write(pem("PRIVATE KEY", EC.key().toECKey().toECPrivateKey()))))
      .as("a file that should not be here").hasMessageContaining("not PRIVATE KEY");
    for (String what : List.of("PUBLIC KEY", "CERTIFICATE")) {
      assertThatThrownBy(() -> opened(write("-----BEGIN %s-----\nA\n-----END %s-----\n".formatted(what, what))))
        .isInstanceOf(Unusable.class).hasMessageContaining("as it was issued");
    }
  }

  @Test
  @Attack(2)
  void theWayInByTokensDoesNotOpenWithoutKeys() {
    MemorySignInStore signIns = new MemorySignInStore(new MovableClock());
    AuthSettings missing = TokenFixture.auth(Optional.empty(), Optional.of(directory.resolve("missing").toString()));
    AuthSettings weak = TokenFixture.auth(Optional.of("x".repeat(31)), Optional.empty());
    AuthSettings strong = TokenFixture.auth(Optional.of("x".repeat(32)), Optional.empty());

    assertThatThrownBy(() -> done(JwtAuthenticator.open(vertx, missing, signIns))).hasMessageContaining("jwt.keys");
    assertThatThrownBy(() -> done(JwtAuthenticator.open(vertx, weak, signIns))).hasMessageContaining("32 bytes");
    assertThat(done(JwtAuthenticator.open(vertx, strong, signIns))).isInstanceOf(JwtAuthenticator.class);
  }

  private KeyFile opened(Path file) {
    KeyFile keys = new KeyFile(vertx, file.toString(), Duration.ofMillis(20));
    done(keys.open());
    return keys;
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("keys"), text);
  }

  private static String pem(String what, Key key) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
      .formatted(what, Base64.getMimeEncoder().encodeToString(key.getEncoded()), what);
  }
}
