package io.anteroom.acceptance;

import io.anteroom.edge.session.Tab;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A student's open page behind a balancer: when its node goes, it comes again by another, with the same client id, and
 * a Run that got no answer is sent again under the same id.
 */
final class LoyalPage {
  private static final Duration BEFORE_THE_NEXT_TRY = Duration.ofMillis(50);

  private final WebSocketClient sockets;
  private final List<NodeProcess> nodes;
  private final Student student;
  private final String clientId;
  private final List<Tab> tabs = new CopyOnWriteArrayList<>();

  /** @param nodes those that take students now; changed by the test */
  LoyalPage(WebSocketClient sockets, List<NodeProcess> nodes, String student) {
    this.sockets = sockets;
    this.nodes = nodes;
    this.student = new Student(student);
    connect("");
    this.clientId = tabs.get(0).sid();
  }

  /** Presses Run until a node has taken it. Answers the task. */
  String run(double seconds) {
    JsonObject prompt = new JsonObject().put("prompt", Workflows.lasting(seconds)).put("client_id", clientId)
      .put("prompt_id", UUID.randomUUID().toString());
    while (true) {
      try {
        Answer answer = student.post(anyNode().url() + "/u/" + student.name() + "/api/prompt", prompt.encode());
        if (answer.status() == 200) {
          return answer.taskId();
        }
      } catch (Exception | AssertionError nobodyThere) {
        LockSupport.parkNanos(BEFORE_THE_NEXT_TRY.toNanos());
      }
    }
  }

  /** Comes again if its socket was closed. */
  void mind() {
    if (latest().socket().isClosed()) {
      connect(clientId);
    }
  }

  /** Whether the last word about this task has come, by whichever of its sockets. */
  boolean hasHeardTheEndOf(String task) {
    return tabs.stream().flatMap(tab -> tab.told("executing").stream())
      .anyMatch(data -> data.getValue("node") == null && task.equals(data.getString("prompt_id")));
  }

  /** The codes with which its sockets were closed so far. */
  List<Integer> closeCodes() {
    return tabs.stream().filter(tab -> tab.socket().isClosed()).map(Tab::closeCode).toList();
  }

  private Tab latest() {
    return tabs.get(tabs.size() - 1);
  }

  private void connect(String as) {
    while (true) {
      try {
        URI url = URI.create(anyNode().url());
        tabs.add(Tab.open(sockets, new WebSocketConnectOptions().setHost(url.getHost()).setPort(url.getPort())
          .setURI("/u/" + student.name() + "/ws?clientId=" + as).setAllowOriginHeader(false)));
        return;
      } catch (Exception | AssertionError nobodyThere) {
        LockSupport.parkNanos(BEFORE_THE_NEXT_TRY.toNanos());
      }
    }
  }

  private NodeProcess anyNode() {
    List<NodeProcess> now = List.copyOf(nodes);
    return now.get((int) (System.nanoTime() % now.size()));
  }
}
