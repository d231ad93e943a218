package io.anteroom.comfy.protocol;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ComfyUI's paths, field names and versions that matter to Anteroom. */
public final class ComfyProtocol {
  public static final String PROMPT = "/prompt";
  public static final String QUEUE = "/queue";
  public static final String HISTORIES = "/history";
  public static final String HISTORY = HISTORIES + "/";
  public static final String JOBS = "/api/jobs";
  public static final String INTERRUPT = "/interrupt";
  public static final String SYSTEM_STATS = "/system_stats";
  public static final String FEATURES = "/features";
  public static final String USERS = "/users";
  public static final String EXTENSIONS = "/extensions";
  public static final String FILES = "/internal/files/";
  public static final String OBJECT_INFO = "/object_info";
  /** Its replacements for missing classes; releases without such a list answer 404. */
  public static final String NODE_REPLACEMENTS = "/node_replacements";
  public static final String PAGE = "/";
  public static final String SOCKET = "/ws";
  /** Query parameter of the socket's URL: the client whose messages it receives. */
  public static final String CLIENT_ID = "clientId";

  /** The first release that runs a prompt under the given id; older ones generate one. */
  public static final String HONOURS_PROMPT_ID = "0.3.45";

  public static final String RUNNING = "queue_running";
  /** In a history entry: its former queue item. */
  public static final String TUPLE = "prompt";

  /** The index of the id in a queue item {@code [number, id, graph, …]}. */
  public static final int ID_IN_ITEM = 1;
  public static final int EXTRA_IN_ITEM = 3;

  public static final String INTERRUPTED = "execution_interrupted";
  public static final String FAILED = "execution_error";

  private ComfyProtocol() {
  }

  /**
   * Whether a status ends a request without upgrade (RFC 9110, section 15). After 101 the connection is no longer HTTP,
   * and a number below 100 or above 599 is not a status: clients differ in how they handle it.
   */
  public static boolean isFinalStatus(int status) {
    return status >= 200 && status <= 599;
  }

  /** A release of ComfyUI, for behaviour that depends on it. */
  public record Release(int major, int minor, int patch) implements Comparable<Release> {
    private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:[^0-9].*)?");
    private static final Comparator<Release> ORDER =
      Comparator.comparingInt(Release::major).thenComparingInt(Release::minor)
      .thenComparingInt(Release::patch);

    /** Parses a text such as {@code 0.3.64}; empty if it is not a release. */
    public static Optional<Release> of(String text) {
      Matcher form = FORM.matcher(text);
      return form.matches()
        ? Optional.of(new Release(part(form, 1), part(form, 2), part(form, 3))) : Optional.empty();
    }

    private static int part(Matcher form, int group) {
      return Integer.parseInt(form.group(group));
    }

    @Override
    public int compareTo(Release other) {
      return ORDER.compare(this, other);
    }
  }
}
