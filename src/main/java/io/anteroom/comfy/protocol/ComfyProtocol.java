package io.anteroom.comfy.protocol;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ComfyUI's paths and the values that mean something to us. */
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
  /** Which classes it takes for which that it does not have; releases without such a list answer 404. */
  public static final String NODE_REPLACEMENTS = "/node_replacements";
  public static final String PAGE = "/";
  public static final String SOCKET = "/ws";
  /** In the query of the socket's address: whose messages it is to hear. */
  public static final String CLIENT_ID = "clientId";

  /** The first release that runs a prompt under the id that it is given; older ones make one up. */
  public static final String HONOURS_PROMPT_ID = "0.3.45";

  public static final String RUNNING = "queue_running";
  /** Of a history entry: the queue item that it was. */
  public static final String TUPLE = "prompt";

  /** Where in a queue item {@code [number, id, graph, …]} the id stands. */
  public static final int ID_IN_ITEM = 1;
  public static final int EXTRA_IN_ITEM = 3;

  public static final String INTERRUPTED = "execution_interrupted";
  public static final String FAILED = "execution_error";

  private ComfyProtocol() {
  }

  /**
   * Whether a status ends a request that asks for no upgrade (RFC 9110, section 15). Behind 101 the connection speaks
   * no HTTP, and a number below 100 or above 599 is no status: clients differ in what they make of it.
   */
  public static boolean isFinalStatus(int status) {
    return status >= 200 && status <= 599;
  }

  /** A release of ComfyUI, as far as it decides how something is answered. */
  public record Release(int major, int minor, int patch) implements Comparable<Release> {
    private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:[^0-9].*)?");
    private static final Comparator<Release> ORDER =
      Comparator.comparingInt(Release::major).thenComparingInt(Release::minor)
      .thenComparingInt(Release::patch);

    /** Of a text such as {@code 0.3.64}; empty when it is none. */
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
