package io.anteroom.comfy;

import io.anteroom.identity.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The client ids that instances see: the id that a browser requested, and a tag of its user.
 *
 * <p>An instance sends a run's messages to every socket with its client id. A browser keeps its id across students'
 * pages, and could send someone else's: the tag makes it unique to the user in either case.
 */
public final class ClientIds {
  /** Browsers use 32 or 36 characters; the id is also part of the URL of a socket. */
  public static final int MAX_LENGTH = 200;

  private static final String TAG = ".a";
  private static final int DIGITS = 8;
  private static final Pattern TAGS = Pattern.compile("(\\.a[0-9a-f]{" + DIGITS + "})+$");
  private static final int MAX_PLAIN = MAX_LENGTH - TAG.length() - DIGITS;

  private ClientIds() {
  }

  /** The id for {@code user} and this requested id. Idempotent: an id that was returned maps to itself. */
  public static String of(String user, String requested) {
    String plain = isSound(requested) ? cut(TAGS.matcher(requested).replaceFirst("")) : "";
    return (plain.isEmpty() ? UUID.randomUUID().toString().replace("-", "") : plain) + TAG + digits(user);
  }

  /** Whether this id was made for {@code user}. */
  public static boolean isOf(String user, String id) {
    return id.endsWith(TAG + digits(user));
  }

  /** Whether a requested id can be part of an id at all. */
  public static boolean isSound(String requested) {
    return !requested.isEmpty() && requested.length() <= MAX_LENGTH
      && requested.chars().noneMatch(Character::isISOControl)
      && StandardCharsets.UTF_8.newEncoder().canEncode(requested);
  }

  private static String cut(String plain) {
    if (plain.length() <= MAX_PLAIN) {
      return plain;
    }
    return plain.substring(0, Character.isHighSurrogate(plain.charAt(MAX_PLAIN - 1)) ? MAX_PLAIN - 1 : MAX_PLAIN);
  }

  private static String digits(String user) {
    return HexFormat.of().formatHex(Sha256.of(user), 0, DIGITS / 2);
  }
}
