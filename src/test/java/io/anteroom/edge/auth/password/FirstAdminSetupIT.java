package io.anteroom.edge.auth.password;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.directory.User.Role;
import io.anteroom.edge.auth.password.FirstAdminSetup.FirstCode;
import io.anteroom.edge.auth.password.PasswordVerifier.Result;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first admin of a new lab comes in by a code that the console shows. */
class FirstAdminSetupIT {
  private static final TestRedis REDIS = TestRedis.start();
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisSignInStore SIGN_INS = REDIS.signIns(VERTX);
  @TempDir
  private Path folder;
  private PasswordFile passwords;

  @BeforeEach
  void newLab() {
    REDIS.flush();
    passwords = PasswordFile.read(folder.resolve("nothing"));
  }

  @AfterAll
  static void close() {
    done(VERTX.close());
    REDIS.close();
  }

  @Test
  void theFirstAdminChoosesAPasswordByTheCode() {
    FirstCode first = welcome("Root").orElseThrow();
    PasswordVerifier desk = new PasswordVerifier(VERTX.getOrCreateContext(), SIGN_INS, () -> passwords);

    assertThat(first.user()).isEqualTo("root");
    assertThat(done(desk.check("root", first.code(), "::1"))).isEqualTo(Result.CODE);
    assertThat(done(desk.choose("root", "a new password"))).isTrue();
    assertThat(done(desk.check("root", "a new password", "::1"))).isEqualTo(Result.RIGHT);
    assertThat(done(desk.check("root", first.code(), "::1"))).isEqualTo(Result.WRONG);
  }

  @Test
  void nodesThatStartTogetherMakeOneCode() {
    assertThat(welcome("root")).isPresent();
    assertThat(welcome("root")).isEmpty();
  }

  @Test
  void whereAnAdminCanSignInThereIsNoCode() throws IOException {
    Path file = Files.writeString(folder.resolve("passwords"), "root:" + PasswordHash.of("long enough"));
    passwords = PasswordFile.read(file);

    assertThat(welcome("root")).isEmpty();
  }

  @Test
  void anAdminWhoHasChosenAPasswordKeepsIt() {
    PasswordVerifier desk = new PasswordVerifier(VERTX.getOrCreateContext(), SIGN_INS, () -> passwords);
    welcome("root").orElseThrow();
    done(desk.choose("root", "a new password"));
    REDIS.ask("EVAL", "for _, key in ipairs(redis.call('KEYS', '*kept:first-admin*')) do redis.call('DEL', key) end",
      "0");

    assertThat(welcome("root")).isEmpty();
    assertThat(done(desk.check("root", "a new password", "::1"))).isEqualTo(Result.RIGHT);
  }

  @Test
  void aLabWithoutAnAdminGetsNoCode() {
    assertThat(done(firstAdmin(new User("alice", "Alice", "", Role.TEACHER, "")).createCode())).isEmpty();
  }

  private Optional<FirstCode> welcome(String admin) {
    return done(firstAdmin(new User(admin, admin, "", Role.ADMIN, "")).createCode());
  }

  private FirstAdminSetup firstAdmin(User user) {
    Directory directory = new Directory(List.of(user), List.of());
    return new FirstAdminSetup(VERTX.getOrCreateContext(), SIGN_INS, () -> directory, () -> passwords);
  }
}
