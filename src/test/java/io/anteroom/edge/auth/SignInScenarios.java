package io.anteroom.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.auth.password.OneTimeCode;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.support.redis.TestRedis;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An edge to which alice signs in by her password and bob, for the first time, by a code; behind a proxy or not. */
abstract class SignInScenarios {
  static final String SECRET = "correct horse";
  static final String FORM = "application/x-www-form-urlencoded";
  static final PasswordHash HASH = PasswordHash.of(SECRET);
  static final String CODE = OneTimeCode.random();
  private static final Pattern ERRAND = Pattern.compile("name=\"errand\" value=\"([^\"]+)\"");
  @TempDir
  private static Path folder;
  static TestRedis redis;
  static EdgeFixture house;
  static RedisSignInStore signIns;
  private static volatile PasswordFile passwords;

  @BeforeAll
  static void open() throws IOException {
    redis = TestRedis.start();
    write("alice:" + HASH, "bob:code:" + PasswordHash.of(OneTimeCode.plain(CODE)));
    String file = folder.resolve("passwords").toString();
    house = new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "users", "ANTEROOM_USERS_PASSWORDS", file,
      "ANTEROOM_HTTP_TRUSTED_PROXIES", "127.0.0.1"), vertx -> {
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
  void nobodyIsSignedIn() {
    redis.flush();
  }

  /** Replaces the file of passwords. */
  static void write(String... lines) throws IOException {
    passwords = PasswordFile.read(Files.writeString(folder.resolve("passwords"), String.join("\n", lines)));
  }

  static Reply signIn(String name, String secret, String next) {
    return house.post("/signin", fields(name, secret, next), "Content-Type", FORM);
  }

  static Reply choose(String errand, String password) {
    return house.post("/signin/choose", "errand=" + errand + "&next=&password=" + encoded(password),
      "Content-Type", FORM);
  }

  static String fields(String name, String secret, String next) {
    return "name=" + encoded(name) + "&password=" + encoded(secret) + "&next=" + encoded(next);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String errand(Reply page) {
    Matcher matcher = ERRAND.matcher(page.text());
    assertThat(matcher.find()).as(page.text()).isTrue();
    return matcher.group(1);
  }

  static String cookie(Reply reply) {
    assertThat(reply.header("Set-Cookie")).as(reply.text()).isNotNull();
    return reply.header("Set-Cookie").replaceFirst(";.*", "");
  }
}
