package io.anteroom.edge.auth.password;

import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.password.PasswordFile.Entry;
import io.anteroom.edge.auth.password.PasswordHash.Hashing;
import io.anteroom.identity.Sha256;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Verifies passwords and one-time codes. A password that a user chose with a code is kept in the sign-in store, for all
 * nodes, and is valid as long as the user's line in the file is still the one of that code: a new line resets it.
 */
public final class PasswordVerifier {
  private static final int ATTEMPTS_PER_USER = 10;
  /** A whole school shares one address behind NAT; right attempts count as well. */
  private static final int ATTEMPTS_PER_ADDRESS = 1_000;
  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final Duration CODE_LIFETIME = Duration.ofDays(400);

  private final Context context;
  private final SignInStore signIns;
  private final Supplier<PasswordFile> file;

  /** The result of a check. */
  public enum Result { WRONG, RIGHT, CODE }

  /** The hash that is valid for a user now, and the line that it comes from. */
  private record Current(PasswordHash hash, boolean isCode, String line) {
  }

  public PasswordVerifier(Context context, SignInStore signIns, Supplier<PasswordFile> file) {
    this.context = context;
    this.signIns = signIns;
    this.file = file;
  }

  /**
   * Checks a password or code; takes as long for an unknown user (timing attack). Fails when this user or this address
   * has tried too often (brute force).
   *
   * @param address the key of the client's limits
   */
  public Future<Result> check(String name, String secret, String address) {
    String user = UserName.folded(name);
    return signIns.countAttempt("user", user, ATTEMPTS_PER_USER, WINDOW)
      .compose(may -> may
        ? signIns.countAttempt("address", address, ATTEMPTS_PER_ADDRESS, WINDOW) : Future.succeededFuture(false))
      .compose(may -> may ? current(user) : Future.failedFuture(AuthErrors.tooManyAttempts(WINDOW.toSeconds())))
      .compose(current -> matches(current, secret).compose(right -> right
        ? signIns.resetAttempts("user", user).map(current.orElseThrow().isCode() ? Result.CODE : Result.RIGHT)
        : Future.succeededFuture(Result.WRONG)));
  }

  /** Sets the password of a user who came with a code; false when that code was used before. */
  public Future<Boolean> choose(String user, String password) {
    return current(user).compose(current -> current.filter(Current::isCode)
      .map(code -> signIns.first("code", user + ":" + code.line(), CODE_LIFETIME)
        .compose(first -> first ? store(user, password, code.line()).map(true) : Future.succeededFuture(false)))
      .orElseGet(() -> Future.succeededFuture(false)));
  }

  private Future<Void> store(String user, String password, String line) {
    return Hashing.on(context, () -> PasswordHash.of(password))
      .compose(hash -> signIns.setPassword(user, Chosen.inPlaceOf(line, hash, false).encode()));
  }

  private Future<Optional<Current>> current(String user) {
    Optional<Entry> entry = file.get().of(user);
    String line = entry.map(Entry::line).orElse("");
    return signIns.password(user).map(kept -> kept.flatMap(Chosen::decode)
      .filter(chosen -> chosen.wasChosenBy(line))
      .map(chosen -> new Current(chosen.hash(), chosen.isCode(), line))
      .or(() -> entry.map(one -> new Current(one.hash(), one.isCode(), line))));
  }

  private Future<Boolean> matches(Optional<Current> current, String secret) {
    PasswordHash hash = current.map(Current::hash).orElse(PasswordHash.matchingNothing());
    String typed = current.filter(Current::isCode).isPresent() ? OneTimeCode.plain(secret) : secret;
    return Hashing.on(context, () -> hash.matches(typed.length() > PasswordHash.MAX_LENGTH ? "" : typed));
  }

  /**
   * The stored form of a password that a user has chosen, or of the code given to the first admin.
   *
   * @param by the SHA-256 of the line in the file of passwords that it replaces
   */
  record Chosen(PasswordHash hash, boolean isCode, String by) {

    /** @param line that it replaces; empty when the file has none for the user */
    static Chosen inPlaceOf(String line, PasswordHash hash, boolean isCode) {
      return new Chosen(hash, isCode, sha256(line));
    }

    boolean wasChosenBy(String line) {
      return by.equals(sha256(line));
    }

    String encode() {
      return new JsonObject().put("hash", hash.toString()).put("code", isCode).put("by", by).encode();
    }

    static Optional<Chosen> decode(String text) {
      try {
        JsonObject json = new JsonObject(text);
        return PasswordHash.parse(json.getString("hash", ""))
          .map(hash -> new Chosen(hash, json.getBoolean("code", false), json.getString("by", "")));
      } catch (DecodeException | ClassCastException broken) {
        return Optional.empty();
      }
    }

    private static String sha256(String line) {
      return HexFormat.of().formatHex(Sha256.of(line));
    }
  }
}
