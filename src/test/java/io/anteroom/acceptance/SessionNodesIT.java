package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.session.Tab;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page whose student comes in by one node today and by another tomorrow, or in the middle of a run. */
class SessionNodesIT {
  private static final int SWITCHES = 6;

  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
    .setMaxConnections(Integer.MAX_VALUE));
  private final Student student = new Student("s1");
  private TestCluster lab;
  private List<NodeProcess> nodes;

  @BeforeEach
  void start() {
    lab = TestCluster.of(1);
    nodes = lab.nodes(2);
  }

  @AfterEach
  void stop() {
    lab.close();
    done(vertx.close());
  }

  @Test
  void aRunThatCameInByOneNodeIsHeardAtTheOther() {
    Tab tab = tab(0, "").listens();

    String task = run(1, tab.sid(), Workflows.lasting(1));

    tab.hearsTheEndOf(task);
    assertThat(tab.told("progress")).hasSize(20);
    assertThat(tab.told("execution_start")).hasSize(1);
  }

  /** Trap 10, over two nodes: the socket of the one is closed before the other opens its own. */
  @Test
  void aPageThatChangesItsNodeInTheMiddleOfARunHearsItsProgress() {
    Tab first = tab(0, "");
    run(0, first.sid(), Workflows.lasting(600, 10_000));
    first.hears("progress");

    for (int i = 1; i <= SWITCHES; i++) {
      Tab next = tab(i % 2, first.sid()).hears("progress");
      assertThat(next.sid()).isEqualTo(first.sid());
      assertThat(next.remaining().get(0)).isEqualTo(1);
      done(next.socket().close());
    }
    assertThat(first.socket().isClosed()).isFalse();
  }

  @Test
  void aNodesDeathLosesNoProgressForGood() throws InterruptedException {
    Tab before = tab(0, "");
    run(0, before.sid(), Workflows.lasting(600, 10_000));
    before.hears("progress");

    nodes.get(0).kill();

    Tab after = tab(1, before.sid()).hears("progress");
    assertThat(after.remaining().get(0)).isEqualTo(1);
  }

  @Test
  void aRunWithoutAPageShowsItsProgressAtEveryNode() {
    String task = run(0, "a client of its own", Workflows.lasting(600, 10_000));

    for (NodeProcess node : nodes) {
      until(() -> student.status(node, task).getJsonObject("progress") != null);
    }
  }

  private Tab tab(int node, String clientId) {
    URI url = URI.create(nodes.get(node).url());
    return Tab.open(sockets, new WebSocketConnectOptions().setHost(url.getHost()).setPort(url.getPort())
      .setURI("/u/s1/ws?clientId=" + clientId).setAllowOriginHeader(false));
  }

  private String run(int node, String clientId, JsonObject workflow) {
    return student.post(nodes.get(node).url() + "/u/s1/api/prompt",
      new JsonObject().put("prompt", workflow).put("client_id", clientId).encode()).taskId();
  }
}
