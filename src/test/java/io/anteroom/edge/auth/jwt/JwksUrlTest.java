package io.anteroom.edge.auth.jwt;

import static io.anteroom.edge.auth.jwt.TokenFixture.NOBODY;
import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSHeader;
import io.anteroom.attack.Attack;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys at an address that does what it likes. */
class JwksUrlTest {
  private static final TokenIssuer OLD = TokenIssuer.rsa("old");
  private static final TokenIssuer NEW = TokenIssuer.ec("new");
  private static final String ALICE = "alice student []";
  private static final String KEYS = "/keys";

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance school = new SmallInstance(vertx);
  private final URI address = school.url().resolve(KEYS);
  private final Door door = new Door();

  /** A door whose keys come from the school. */
  private final class Door {
    private final JwksUrl keys;
    private final TokenFixture house;

    Door() {
      house = new TokenFixture(vertx, new Later());
      keys = new JwksUrl(vertx, address, new ProviderClient(vertx), house.clock);
    }

    String sees(TokenIssuer issuer) {
      return house.bearer(issuer.token(house.claims()));
    }

    /** The keys that the house asks: they are made after it, since they look at its clock. */
    private final class Later implements KeySource {
      @Override
      public Future<Void> open() {
        return keys.open();
      }

      @Override
      public Optional<VerificationKeys> inForce() {
        return keys.inForce();
      }

      @Override
      public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
        return keys.forToken(header);
      }
    }
  }

  @AfterEach
  void close() {
    door.house.close();
    done(vertx.close());
  }

  static Stream<Map.Entry<String, String>> useless() {
    return Stream.of(
      Map.entry("empty", ""), Map.entry("no keys", "{\"keys\":[]}"), Map.entry("no set", "{\"error\":\"x\"}"),
      Map.entry("html", "<html>sign in</html>"), Map.entry("half", OLD.jwks().substring(0, 60)),
      Map.entry("unheard of", "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"},{\"kty\":\"new\"},7]}"),
      Map.entry("for encryption", OLD.jwks().replace("\"kid\"", "\"use\":\"enc\",\"kid\"")),
      Map.entry("a secret", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"" + "A".repeat(43) + "\"}]}"),
      Map.entry("another algorithm", OLD.jwks().replace("\"kid\"", "\"alg\":\"RS512\",\"kid\"")));
  }

  @ParameterizedTest
  @MethodSource("useless")
  @Attack(2)
  void keysOfNoUseStopTheStart(Map.Entry<String, String> answer) {
    publishes(answer.getValue());

    assertThatThrownBy(() -> done(door.keys.open()))
      .isInstanceOf(Unusable.class).hasMessageContaining("expected");
    assertThat(door.house.bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9")).isEqualTo(NOBODY);
    assertThat(door.sees(OLD)).isEqualTo("busy");
  }

  @ParameterizedTest
  @MethodSource("useless")
  @Attack(2)
  void keysOfNoUseReplaceNothing(Map.Entry<String, String> answer) {
    publishes(OLD.jwks());
    done(door.keys.open());

    publishes(answer.getValue());
    door.house.clock.moves(JwksUrl.OLD.plusSeconds(1));

    assertThat(door.sees(OLD)).isEqualTo(ALICE);
    assertThat(school.asked()).hasSize(2);
    assertThat(door.house.bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9")).isEqualTo(NOBODY);
  }

  @Test
  void aNewKeyIsTakenAtOnceAndAnOldOneIsForgottenWithIt() {
    publishes(OLD.jwks());
    done(door.keys.open());
    String old = OLD.token(door.house.claims());
    assertThat(door.house.bearer(old)).isEqualTo(ALICE);

    publishes(NEW.jwks());
    door.house.clock.moves(JwksUrl.PAUSE);

    assertThat(door.sees(NEW)).isEqualTo(ALICE);
    assertThat(door.house.bearer(old)).as("proved before, by a key that is gone").isEqualTo(NOBODY);
  }

  @Test
  void oldKeysAreLookedUpAgainWithoutAnyNewToken() {
    publishes(OLD.jwks());
    done(door.keys.open());
    publishes(NEW.jwks());

    door.house.clock.moves(JwksUrl.OLD);

    assertThat(door.sees(OLD)).isEqualTo(NOBODY);
  }

  @Test
  @Attack(6)
  void aStormOfUnknownKeysAsksOnceInHalfAMinute() {
    publishes(OLD.jwks());
    done(door.keys.open());
    door.house.clock.moves(JwksUrl.PAUSE);

    storm();
    assertThat(school.asked()).hasSize(2);

    door.house.clock.moves(JwksUrl.PAUSE.minusSeconds(1));
    storm();
    assertThat(school.asked()).hasSize(2);
    assertThat(door.sees(OLD)).isEqualTo(ALICE);

    door.house.clock.moves(Duration.ofSeconds(1));
    storm();
    assertThat(school.asked()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  @Attack(7)
  void nobodyIsFollowedElsewhereForKeys(int status) {
    school.answers("/elsewhere", request -> request.response().end(NEW.jwks()));
    school.answers(KEYS, request -> request.response().setStatusCode(status)
      .putHeader("Location", school.url().resolve("/elsewhere").toString()).end());

    assertThatThrownBy(() -> done(door.keys.open())).isInstanceOf(Unusable.class).hasMessageContaining("" + status);
    assertThat(door.sees(NEW)).isEqualTo("busy");
    assertThat(school.asked()).hasSize(1);
  }

  @Test
  @Attack(7)
  void aHugeAnswerIsNotReadToItsEnd() {
    String padding = "{\"x\":\"" + "x".repeat(2 << 20) + "\"," + NEW.jwks().substring(1);
    publishes(padding);

    assertThatThrownBy(() -> done(door.keys.open())).isInstanceOf(Unusable.class).hasMessageContaining("longer");
    assertThat(door.keys.inForce()).isEmpty();
  }

  @Test
  @Attack(7)
  void aSlowAnswerDoesNotHoldUpTheStart() {
    school.answers(KEYS, request -> request.response().setChunked(true).write("{"));
    JwksUrl keys = new JwksUrl(vertx, address, new ProviderClient(vertx, Duration.ofMillis(100)), door.house.clock);

    done(keys.open());

    assertThat(keys.inForce()).isEmpty();
  }

  @Test
  @Attack(7)
  void aSlowAnswerHasKnownKeysGoOn() {
    publishes(OLD.jwks());
    done(door.keys.open());

    school.answers(KEYS, HttpServerRequest::pause);
    door.house.clock.moves(JwksUrl.OLD);

    assertThat(door.sees(OLD)).isEqualTo(ALICE);
    assertThat(school.asked()).hasSize(2);
  }

  @Test
  void aSchoolThatIsAwayIsAskedAgainAndHasNobodyLetInMeanwhile() {
    school.answers(KEYS, request -> request.response().setStatusCode(503).end());
    done(door.keys.open());
    assertThat(door.sees(OLD)).isEqualTo("busy");

    publishes(OLD.jwks());
    door.house.clock.moves(JwksUrl.PAUSE);

    untilAsserted(() -> assertThat(door.sees(OLD)).isEqualTo(ALICE));
  }

  @Test
  void keysAreNotAskedForOverAnOpenLine() {
    JwksUrl open = new JwksUrl(vertx, URI.create("http://school.example/keys"), new ProviderClient(vertx),
      door.house.clock);

    assertThatThrownBy(() -> done(open.open())).isInstanceOf(Unusable.class).hasMessageContaining("https");
  }

  private void storm() {
    IntStream.range(0, 50).forEach(i -> assertThat(door.sees(TokenIssuer.ec("invented-" + i))).isEqualTo(NOBODY));
  }

  private void publishes(String answer) {
    school.answers(KEYS, request -> request.response().putHeader("Content-Type", "application/json").end(answer));
  }
}
