package io.anteroom.comfy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Anteroom and the guard, a custom node of an instance, say to one another.
 *
 * <p>The guard takes each attempt of a task once, none that is older than one it took or was told of, and none of a
 * task that has ended; to all others it answers {@link #REFUSES_ATTEMPT}.
 */
public final class GuardProtocol {
  /** {@code GET}: what the guard says of itself. All that is the guard's lies at or below it, and nothing else. */
  public static final String STATE = "/anteroom/guard";

  /** {@code POST {"task","attempt"}}: from now on only this attempt and later ones may run. */
  public static final String FENCE = STATE + "/fence";

  /** {@code GET}, the task's id behind it: what history would say, had a restart not wiped it out; else {@code {}}. */
  public static final String JOURNAL = STATE + "/journal/";

  /**
   * {@code POST}, a request for {@code /prompt}: what that would answer if it refused it, and nothing is queued. Guards
   * know it from {@link #DRY_RUN_VERSION} on.
   */
  public static final String DRY_RUN = STATE + "/dry_run";
  public static final int DRY_RUN_VERSION = 2;

  /** Of the state: which questions the guard knows. */
  public static final String VERSION = "version";

  public static final String TASK = "task";
  public static final String ATTEMPT = "attempt";

  /** Of the state: whether it wants {@link #PROOF}, and whether its journal reaches the disk. */
  public static final String WANTS_PROOF = "wants_proof";
  public static final String JOURNAL_KEPT = "journal_kept";

  /** The status with which it refuses an attempt: outdated, sent before, or of a task that has ended. */
  public static final int REFUSES_ATTEMPT = 409;
  /** The status with which it refuses who does not know its secret. */
  public static final int REFUSES_PROOF = 403;

  /** The header that shows that somebody knows the secret, without saying it: good for one request alone. */
  public static final String PROOF = "Anteroom-Proof";

  /** What a proof is good for. */
  public enum Purpose { RUN, FENCE, JOURNAL, DRY_RUN }

  private static final String ALGORITHM = "HmacSHA256";

  private GuardProtocol() {
  }

  /** HMAC-SHA256 in hexadecimal of the purpose in small letters and what it is about, with line feeds between. */
  public static String proof(String secret, Purpose purpose, Object... about) {
    StringBuilder text = new StringBuilder(purpose.name().toLowerCase(Locale.ROOT));
    for (Object part : about) {
      text.append('\n').append(part);
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
    }
  }
}
