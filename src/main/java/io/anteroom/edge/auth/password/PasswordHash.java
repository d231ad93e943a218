package io.anteroom.edge.auth.password;

import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The stored form of a password: {@code pbkdf2-sha512$<rounds>$<salt>$<hash>}, salt and hash in Base64. Making or
 * checking one takes some tenths of a second, on purpose (brute force).
 */
public record PasswordHash(int rounds, String salt, String hash) {
  /** The length of a password in characters. */
  public static final int MIN_LENGTH = 10;
  public static final int MAX_LENGTH = 200;
  /** What OWASP recommends for SHA-512. */
  private static final int ROUNDS = 210_000;
  private static final int MAX_ROUNDS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 512;
  private static final Pattern FORM =
    Pattern.compile("pbkdf2-sha512\\$(\\d{1,8})\\$([A-Za-z0-9+/=]{16,100})\\$([A-Za-z0-9+/=]{88})");
  private static final PasswordHash NO_MATCH = new PasswordHash(ROUNDS, "AAAAAAAAAAAAAAAAAAAAAA==", "");

  /** Hashes a password with a new salt; blocks. */
  public static PasswordHash of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    String text = Base64.getEncoder().encodeToString(salt);
    return new PasswordHash(ROUNDS, text, compute(password, ROUNDS, salt));
  }

  /** Parses one; empty for a text that is none, or too weak to be accepted. */
  public static Optional<PasswordHash> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
      ? Optional.of(new PasswordHash(Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(3)))
        .filter(one -> one.rounds >= ROUNDS && one.rounds <= MAX_ROUNDS)
      : Optional.empty();
  }

  /** A hash that no password matches: an unknown user is rejected in the same time as a known one (timing attack). */
  static PasswordHash matchingNothing() {
    return NO_MATCH;
  }

  /** Compares in constant time (timing attack, CWE-208); blocks. */
  public boolean matches(String password) {
    byte[] computed = compute(password, rounds, Base64.getDecoder().decode(salt)).getBytes();
    return MessageDigest.isEqual(computed, hash.getBytes());
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return "pbkdf2-sha512$%d$%s$%s".formatted(rounds, salt, hash);
  }

  private static String compute(String password, int rounds, byte[] salt) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
      byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
      return Base64.getEncoder().encodeToString(key);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has PBKDF2", impossible);
    }
  }

  /** Computes password hashes off the event loops: one at a time, with a bounded queue. */
  static final class Hashing {
    private static final int MAX_WAITING = 60;
    private static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS,
      new ArrayBlockingQueue<>(MAX_WAITING), Hashing::thread);

    private Hashing() {
    }

    /** Runs {@code work}; the future completes on this context. */
    static <T> Future<T> on(Context context, Supplier<T> work) {
      try {
        return Future.fromCompletionStage(CompletableFuture.supplyAsync(work, THREAD), context);
      } catch (RejectedExecutionException full) {
        return Future.failedFuture(ApiException.of(Code.BUSY,
          "More than %d users are signing in at this moment; try again in a few seconds.".formatted(MAX_WAITING),
          "同时登录的人数超过 %d；请几秒后重试。".formatted(MAX_WAITING)));
      }
    }

    private static Thread thread(Runnable work) {
      Thread thread = new Thread(work, "password-hashing");
      thread.setDaemon(true);
      return thread;
    }
  }
}
