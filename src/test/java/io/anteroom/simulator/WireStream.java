package io.anteroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The messages of one socket, cut at those that count one by one into spans of progress, which do not. */
final class WireStream {

  private static final int TICKS_KEPT = 12;

  private final String socket;
  private final List<JsonObject> messages;

  WireStream(String socket, List<JsonObject> messages) {
    this.socket = socket;
    this.messages = List.copyOf(messages);
  }

  static boolean isTick(JsonObject message) {
    return message.getString("type").startsWith("progress");
  }

  /** The last word about a run, or what those who do not own it hear at that moment. */
  static boolean isEndOfRun(JsonObject message) {
    JsonObject data = message.getJsonObject("data");
    return message.getString("type").equals("executing") && data.getValue("node") == null
      || isStatus(message) && !data.containsKey("sid") && remaining(message) == 0;
  }

  /** Fails unless these messages are what was recorded. */
  void isAsRecorded(WireStream recorded) {
    assertThat(landmarks()).as("messages to socket <%s>", socket).isEqualTo(recorded.landmarks());
    assertThat(statuses()).as("statuses to socket <%s>", socket).isEqualTo(recorded.statuses());
    List<Set<String>> ours = spans();
    List<Set<String>> theirs = recorded.spans();
    int ticks = 0;
    for (int i = 0; i < theirs.size(); i++) {
      ticks += recorded.ticksInSpan(i);
      Set<String> kept = new LinkedHashSet<>(ours.get(i));
      if (ticks >= TICKS_KEPT) {
        kept.retainAll(theirs.get(i));
      }
      assertThat(kept).as("progress no. %d to socket <%s>", i, socket).containsExactlyElementsOf(theirs.get(i));
    }
  }

  /** Everything but progress, and but the statuses that a client's own request causes. */
  private List<String> landmarks() {
    List<String> landmarks = new ArrayList<>();
    List<JsonObject> steady = messages.stream().filter(message -> !isTick(message)).toList();
    for (int i = 0; i < steady.size(); i++) {
      if (!isStatus(steady.get(i))) {
        landmarks.add(WireText.of(steady.get(i)));
      } else if (i + 1 < steady.size() && isWorkersTurn(steady.get(i + 1))) {
        landmarks.add("status by the worker");
      }
    }
    return landmarks;
  }

  private List<String> statuses() {
    return messages.stream().filter(WireStream::isStatus).map(WireText::of).toList();
  }

  /** Between two landmarks that are no statuses: the different ticks in the order of their first coming. */
  private List<Set<String>> spans() {
    List<Set<String>> spans = new ArrayList<>(List.of(new LinkedHashSet<>()));
    for (JsonObject message : messages) {
      if (isTick(message)) {
        spans.get(spans.size() - 1).add(WireText.of(withoutValue(message)));
      } else if (!isStatus(message)) {
        spans.add(new LinkedHashSet<>());
      }
    }
    return spans;
  }

  private int ticksInSpan(int span) {
    int at = 0;
    int ticks = 0;
    for (JsonObject message : messages) {
      if (isTick(message)) {
        ticks += at == span ? 1 : 0;
      } else if (!isStatus(message)) {
        at++;
      }
    }
    return ticks;
  }

  private static JsonObject withoutValue(JsonObject tick) {
    JsonObject copy = tick.copy();
    JsonObject data = copy.getJsonObject("data");
    if (data.containsKey("nodes")) {
      data.getJsonObject("nodes").forEach(node -> ((JsonObject) node.getValue()).put("value", "as far as it is"));
    } else {
      data.put("value", "as far as it is");
    }
    return copy;
  }

  private static boolean isStatus(JsonObject message) {
    return message.getString("type").equals("status");
  }

  private static boolean isWorkersTurn(JsonObject next) {
    return next.getString("type").equals("execution_start")
      || next.getString("type").equals("executing") && next.getJsonObject("data").getValue("node") == null;
  }

  private static int remaining(JsonObject status) {
    return status.getJsonObject("data").getJsonObject("status").getJsonObject("exec_info")
      .getInteger("queue_remaining");
  }
}
