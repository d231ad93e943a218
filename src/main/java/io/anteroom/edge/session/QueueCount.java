package io.anteroom.edge.session;

import io.anteroom.comfy.ComfyMessages;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells a session's browsers how many of their student's tasks wait and run. At none a page may start its next run by
 * itself, so it never says none while one waits, whatever an instance says of its own queue.
 *
 * <p>A page that is told reads its lists of queue and history again, so it is told when they have changed, and only
 * then.
 */
final class QueueCount {
  private final BrowserGroup audience;
  private final UserTaskPoller own;
  private final String clientId;
  /** What the browsers' lists hold, as they were told of it last. */
  private String lastTold = "";
  private List<TaskStatus> tasks = List.of();
  /** The student's own instance, how many runs it has, and how many of these are none of the queue's. */
  private String instance = "";
  private int there;
  private int others;

  QueueCount(BrowserGroup audience, UserTaskPoller own, String clientId) {
    this.audience = audience;
    this.own = own;
    this.clientId = clientId;
  }

  /** Greets those browsers that were not yet. */
  void greet(List<WebSocketMessage> latest) {
    if (!audience.isGreeted()) {
      lastTold = lists();
      List<WebSocketMessage> words =
        new ArrayList<>(List.of(WebSocketMessage.text(ComfyMessages.hello(clientId, own.remaining()))));
      words.addAll(latest);
      audience.greet(words);
    }
  }

  /** The tasks were looked up. */
  void known(List<TaskStatus> now) {
    tasks = now;
    // What the instance said meanwhile may be of a run that these tasks do not show yet.
    others = own.isOutOfDate() ? others : others();
    String lists = lists();
    if (!lists.equals(lastTold)) {
      lastTold = lists;
      audience.tell(WebSocketMessage.text(ComfyMessages.status(own.remaining())));
    }
  }

  /**
   * The instance that the student alone uses says how many runs it has. True when the lists may be others by that, for
   * those that did not come through the queue stand in them as well.
   */
  boolean heardOfInstance(String name, WebSocketMessage said) {
    instance = name;
    there = remaining(said);
    return others() != others;
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
