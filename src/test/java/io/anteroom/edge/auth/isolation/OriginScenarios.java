package io.anteroom.edge.auth.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.support.FreePorts;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import io.anteroom.support.redis.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An edge where each student has a port of his own: alice and bob, tina who teaches them, and tom who does not. */
public abstract class OriginScenarios {
  public static final String SECRET = "correct horse";
  static final int DOORS = 4;
  @TempDir
  private static Path folder;
  static TestRedis redis;
  public static EdgeFixture house;
  static RedisSignInStore signIns;
  public static int firstPort;

  @BeforeAll
  public static void open() throws IOException {
    redis = TestRedis.start();
    firstPort = FreePorts.row(DOORS);
    PasswordHash hash = PasswordHash.of(SECRET);
    Path file = Files.writeString(folder.resolve("passwords"), Stream.of("alice", "bob", "tina", "tom")
      .map(user -> user + ":" + hash).collect(Collectors.joining("\n")));
    PasswordFile passwords = PasswordFile.read(file);
    house = new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "users", "ANTEROOM_USERS_PASSWORDS", file.toString(),
      "ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", firstPort + "-" + (firstPort + DOORS - 1)),
      vertx -> {
        signIns = redis.signIns(vertx);
        return new AuthStores(signIns, () -> passwords);
      });
  }

  @AfterAll
  static void close() {
    house.close();
    redis.close();
  }

  @BeforeEach
  public void nobodyIsSignedIn() {
    redis.flush();
  }

  /** A browser that has signed in. */
  public static SmallBrowser browserOf(String user) {
    SmallBrowser browser = new SmallBrowser();
    Seen seen = browser.post(house.origin() + "/signin", Map.of("name", user, "password", SECRET, "next", "/"),
      house.origin());
    assertThat(seen.status()).isEqualTo(303);
    return browser;
  }

  /** Opens an address in the hall, and goes wherever it leads. */
  public static Seen open(SmallBrowser browser, String path) {
    return browser.getUntil(house.origin() + path, "nowhere");
  }

  /** The origin of the door by which a student's page is seen. */
  public static String door(Seen page) {
    return page.at().getScheme() + "://" + page.at().getAuthority();
  }

  /** What this browser sends along to that door, and to no other. */
  public static String cookies(SmallBrowser browser, String door) {
    return browser.cookies(door).entrySet().stream().map(one -> one.getKey() + "=" + one.getValue())
      .collect(Collectors.joining("; "));
  }

  /** The address with a pass by which this browser, on its errand, would enter. */
  public static String entrance(SmallBrowser browser, String owner) {
    Seen toDoor = browser.get(house.origin() + "/u/" + owner + "/view?a=1");
    Seen toHall = browser.get(toDoor.next().toString());
    return browser.get(toHall.next().toString()).next().toString();
  }
}
