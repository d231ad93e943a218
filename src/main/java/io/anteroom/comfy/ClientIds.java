package io.anteroom.comfy;

import io.anteroom.identity.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The client ids that instances get to know: what a browser wished for, and a tag that tells whose it is.
 *
 * <p>An instance sends a run's messages to whoever holds its client id. A browser keeps its id from one student's page
 * to the next one's, and could send any other's: with the tag it gets one of its own in either case.
 */
public final class ClientIds {
  /** What browsers use has 32 or 36 characters; it is also part of a socket's address. */
  public static final int LONGEST_WISH = 200;

  private static final String TAG = ".a";
  private static final int DIGITS = 8;
  private static final Pattern TAGS = Pattern.compile("(\\.a[0-9a-f]{" + DIGITS + "})+$");
  private static final int LONGEST = LONGEST_WISH - TAG.length() - DIGITS;

  private ClientIds() {
  }

  /** The id that is used for {@code user} when he wishes for this one; the same again for what it answers. */
  public static String of(String user, String wished) {
    String plain = isSound(wished) ? cut(TAGS.matcher(wished).replaceFirst("")) : "";
    return (plain.isEmpty() ? UUID.randomUUID().toString().replace("-", "") : plain) + TAG + digits(user);
  }

  /** Whether this id was made for {@code user}. */
  public static boolean isOf(String user, String id) {
    return id.endsWith(TAG + digits(user));
  }

  /** Whether a wish can be part of an id at all. */
  public static boolean isSound(String wished) {
    return !wished.isEmpty() && wished.length() <= LONGEST_WISH
      && wished.chars().noneMatch(Character::isISOControl)
      && StandardCharsets.UTF_8.newEncoder().canEncode(wished);
  }

  private static String cut(String plain) {
    if (plain.length() <= LONGEST) {
      return plain;
    }
    return plain.substring(0, Character.isHighSurrogate(plain.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
  }

  private static String digits(String user) {
    return HexFormat.of().formatHex(Sha256.of(user), 0, DIGITS / 2);
  }
}
