package io.anteroom.edge.session;

import io.anteroom.comfy.ComfyMessages;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sends a session's browsers the number of their student's waiting and running tasks. At zero a page may start its next
 * run by itself, so it is never zero while one waits, whatever an instance reports of its own queue.
 *
 * <p>A page that gets the number reads its lists of queue and history again, so it is sent when they have changed, and
 * only then.
 */
final class QueueCount {
  /** So long an instance may know of a run before the queue shows it there, or after the queue has shown its end. */
  private static final Duration SETTLING_TIME = Duration.ofMillis(500);

  private final SessionContext context;
  private final BrowserGroup browsers;
  private final UserTaskPoller poller;
  private final String clientId;
  /** The content of the lists when the number was last sent. */
  private String lastSent = "";
  private List<TaskStatus> tasks = List.of();
  /** The student's own instance, how many runs it has, and how many of these are outside of the queue. */
  private String instance = "";
  private int there;
  private int others;
  /** Whether more of them were seen, and whether that was long enough ago for a run of the queue to be known as one. */
  private boolean doubtful;
  private boolean settled;

  QueueCount(SessionContext context, BrowserGroup browsers, UserTaskPoller poller, String clientId) {
    this.context = context;
    this.browsers = browsers;
    this.poller = poller;
    this.clientId = clientId;
  }

  /** Greets those browsers that were not greeted yet. */
  void greet(List<WebSocketMessage> latest) {
    if (!browsers.isGreeted()) {
      lastSent = lists();
      List<WebSocketMessage> messages =
        new ArrayList<>(List.of(WebSocketMessage.text(ComfyMessages.hello(clientId, poller.remaining()))));
      messages.addAll(latest);
      browsers.greet(messages);
    }
  }

  /** Sends the number when these tasks change the lists. */
  void update(List<TaskStatus> now) {
    tasks = now;
    others = settledOthers();
    String lists = lists();
    if (!lists.equals(lastSent)) {
      lastSent = lists;
      browsers.send(WebSocketMessage.text(ComfyMessages.status(poller.remaining())));
    }
  }

  /**
   * The instance that the student alone uses reports how many runs it has. True when this may change the lists, which
   * also contain runs outside of the queue.
   */
  boolean updateInstance(String name, WebSocketMessage message) {
    instance = name;
    there = remaining(message);
    return others() != others;
  }

  /** A number that rises counts when it is still so after the settling time. */
  private int settledOthers() {
    int now = others();
    if (now <= others || settled) {
      doubtful = false;
      settled = false;
      return now;
    }
    if (!doubtful) {
      doubtful = true;
      context.vertx().setTimer(SETTLING_TIME.toMillis(), timer -> {
        settled = doubtful;
        poller.poll();
      });
    }
    return others;
  }

  private int others() {
    long ours = tasks.stream()
      .filter(task -> task.state() == TaskState.PROCESSING && task.instance().equals(instance)).count();
    return (int) Math.max(0, there - ours);
  }

  private String lists() {
    return tasks.stream().map(task -> task.id() + " " + task.state())
      .collect(Collectors.joining(",", others + ":", ""));
  }

  private static int remaining(WebSocketMessage status) {
    try {
      return PythonJson.object(status.text()).getValue("data") instanceof JsonObject data
        && data.getValue("status") instanceof JsonObject of && of.getValue("exec_info") instanceof JsonObject info
        && info.getValue("queue_remaining") instanceof Number count ? count.intValue() : 0;
    } catch (DecodeException notAnObject) {
      return 0;
    }
  }
}
