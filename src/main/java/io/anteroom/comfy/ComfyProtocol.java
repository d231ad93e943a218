package io.anteroom.comfy;

/** ComfyUI's paths and the values that mean something to us. */
public final class ComfyProtocol {
  public static final String PROMPT = "/prompt";
  public static final String QUEUE = "/queue";
  public static final String HISTORY = "/history/";
  public static final String INTERRUPT = "/interrupt";
  public static final String SOCKET = "/ws";

  /** The first release that runs a prompt under the id that it is given; older ones make one up. */
  static final String HONOURS_PROMPT_ID = "0.3.45";

  static final String RUNNING = "queue_running";
  static final String PENDING = "queue_pending";

  /** Where in a queue item {@code [number, id, graph, …]} the id stands. */
  static final int ID_IN_ITEM = 1;

  static final String INTERRUPTED = "execution_interrupted";
  static final String FAILED = "execution_error";

  private ComfyProtocol() {
  }
}
