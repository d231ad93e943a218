package io.anteroom.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * A script that Redis runs: one verb of the queue, or of the sign-ins.
 *
 * <p>Its text is {@code lua/<verb>.lua}, preceded by the names of the keys and, once each, by the shared files that the
 * first line includes: {@code -- with: shared/order.lua, shared/tasks.lua}.
 */
public enum LuaScript {
  STAGE, UNSTAGE, SUBMIT, PART, ACKNOWLEDGE, REJECT, STATUS, LIST, CANCEL, CLAIM, BEGIN_SUBMIT, MARK_ACCEPTED, BEGAN,
  RENEW, FINISH, REATTEMPT, HAND_OVER, EXPIRE_LEASES, ADOPT, RECOVER_CLAIMS, SET_INSTANCE_STATE, CONDITIONS,
  CONFIGURE, STATS, FORGET, LIST_BODIES, FAULT, GIVE_UP, NEXT_RECOVERY, RECOVER, MARK_LOST, IN_FORCE, IDENTITY, SIGN_IN,
  SIGNED_IN, SIGN_OUT, ASSIGN_PORT, REVOKE, REVOKED, PUT_ONCE, TAKE_ONCE, COUNT_ATTEMPT, RESET_ATTEMPTS, PASSWORD,
  SET_PASSWORD;

  private final String verb = name().toLowerCase(Locale.ROOT);
  private final String text = assemble(verb + ".lua");
  private final String sha = sha1(text);

  public String verb() {
    return verb;
  }

  /** The whole script. */
  public String text() {
    return text;
  }

  /** The SHA-1 by which Redis knows the script once it was loaded. */
  public String sha() {
    return sha;
  }

  private static String assemble(String file) {
    StringBuilder text = new StringBuilder(RedisKeys.asLua());
    append(file, text, new HashSet<>());
    return text.toString();
  }

  private static void append(String file, StringBuilder text, Set<String> seen) {
    if (!seen.add(file)) {
      return;
    }
    String part = read(file);
    String first = part.lines().findFirst().orElse("");
    if (first.startsWith("-- with: ")) {
      for (String shared : first.substring("-- with: ".length()).split(",")) {
        append(shared.strip(), text, seen);
      }
    }
    text.append(part).append('\n');
  }

  private static String read(String file) {
    try (InputStream in = LuaScript.class.getResourceAsStream("/lua/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no such script: lua/" + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-1", impossible);
    }
  }
}
