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
 * What is kept of a password: {@code pbkdf2-sha512$<rounds>$<salt>$<hash>}, salt and hash in Base64. To make or to
 * check one takes some tenths of a second, on purpose.
 */
public record PasswordHash(int rounds, String salt, String hash) {
  /** How many characters a password has at least, and at most. */
  public static final int SHORTEST = 10;
  public static final int LONGEST = 200;
  /** What OWASP asks for with SHA-512. */
  private static final int ROUNDS = 210_000;
  private static final int MOST_ROUNDS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 512;
  private static final Pattern FORM =
    Pattern.compile("pbkdf2-sha512\\$(\\d{1,8})\\$([A-Za-z0-9+/=]{16,100})\\$([A-Za-z0-9+/=]{88})");
  private static final PasswordHash NOBODYS = new PasswordHash(ROUNDS, "AAAAAAAAAAAAAAAAAAAAAA==", "");

  /** Blocks while it computes. */
  public static PasswordHash of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    String text = Base64.getEncoder().encodeToString(salt);
    return new PasswordHash(ROUNDS, text, compute(password, ROUNDS, salt));
  }

  /** Reads one; empty for a text that is none, or too weak to be kept. */
  public static Optional<PasswordHash> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
      ? Optional.of(new PasswordHash(Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(3)))
        .filter(one -> one.rounds >= ROUNDS && one.rounds <= MOST_ROUNDS)
      : Optional.empty();
  }

  /** One that no password matches, so that it takes as long to refuse somebody whom nobody knows. */
  static PasswordHash nobodys() {
    return NOBODYS;
  }

  /** Blocks while it computes; takes as long for a wrong password as for the right one. */
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

  /** Computes hashes of passwords off the event loops: one at a time, and no more than a class may wait. */
  static final class Hashing {
    private static final int MOST_WAITING = 60;
    private static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS,
      new ArrayBlockingQueue<>(MOST_WAITING), Hashing::thread);

    private Hashing() {
    }

    /** What {@code work} computes, told on this context. */
    static <T> Future<T> on(Context context, Supplier<T> work) {
      try {
        return Future.fromCompletionStage(CompletableFuture.supplyAsync(work, THREAD), context);
      } catch (RejectedExecutionException full) {
        return Future.failedFuture(ApiException.of(Code.BUSY,
          "More than %d people sign in at this moment; try again in a few seconds.".formatted(MOST_WAITING),
          "同时登录的人数超过 %d；请几秒后重试。".formatted(MOST_WAITING)));
      }
    }

    private static Thread thread(Runnable work) {
      Thread thread = new Thread(work, "password-hashing");
      thread.setDaemon(true);
      return thread;
    }
  }
}
