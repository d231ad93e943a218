package io.anteroom.comfy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The protocol between Anteroom and the guard, a custom node of an instance.
 *
 * <p>The guard accepts each attempt of a task once, none that is older than an accepted or fenced one, and none of a
 * task that has ended; it answers all others with {@link #REFUSES_ATTEMPT}.
 */
public final class GuardProtocol {
  /** {@code GET}: the state of the guard. All paths of the guard are at or below it, and no others. */
  public static final String STATE = "/anteroom/guard";

  /** {@code POST {"task","attempt"}}: from now on only this attempt and later ones may run. */
  public static final String FENCE = STATE + "/fence";

  /** {@code GET} with the task id appended: the history entry as before a restart; {@code {}} if unknown. */
  public static final String JOURNAL = STATE + "/journal/";

  /**
   * {@code POST} a request for {@code /prompt}: the refusal that it would get; queues nothing. Supported since
   * {@link #DRY_RUN_VERSION}.
   */
  public static final String DRY_RUN = STATE + "/dry_run";
  public static final int DRY_RUN_VERSION = 2;

  /** In the state: the protocol version. */
  public static final String VERSION = "version";

  public static final String TASK = "task";
  public static final String ATTEMPT = "attempt";

  /** In the state: whether it requires {@link #PROOF}, and whether its journal reaches the disk. */
  public static final String WANTS_PROOF = "wants_proof";
  public static final String JOURNAL_KEPT = "journal_kept";

  /** Refuses an attempt: outdated, a duplicate, or of a task that has ended. */
  public static final int REFUSES_ATTEMPT = 409;
  /** Refuses a request without a valid proof. */
  public static final int REFUSES_PROOF = 403;

  /** The header that proves knowledge of the secret without revealing it; valid for one request only. */
  public static final String PROOF = "Anteroom-Proof";

  /** What a proof is valid for. */
  public enum Purpose { RUN, FENCE, JOURNAL, DRY_RUN }

  private static final String ALGORITHM = "HmacSHA256";

  private GuardProtocol() {
  }

  /** HMAC-SHA256 in hexadecimal of the purpose in lower case and its arguments, separated by line feeds. */
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
