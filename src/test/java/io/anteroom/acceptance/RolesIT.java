package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node does and what it leaves to others, as {@code roles} says. */
class RolesIT {
  private final TestCluster lab = TestCluster.of(1);
  private final Student alice = new Student("s1");

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void nodesWithDifferentRolesAreOneLabInWhichEachDoesItsOwn() {
    NodeProcess door = lab.with("ANTEROOM_ROLES", "edge,injection").node();
    NodeProcess worker = lab.with("ANTEROOM_ROLES", "api,dispatch,status").node();
    door.awaitReady();
    worker.awaitReady();

    String task = alice.run(door, Workflows.lasting(0.2)).taskId();
    until(() -> alice.status(door, task).getString("status").equals("completed"));

    assertThat(lab.ledger().runsOf(task)).hasSize(1);
    until(() -> worker.figures().get("dispatch_completed") == 1);
    assertThat(worker.figures()).containsEntry("queue_submitted_proxy", 1L).containsEntry("edge_requests", 0L);
    assertThat(door.figures()).containsEntry("dispatch_completed", 0L).containsEntry("queue_submitted_proxy", 0L)
      .doesNotContainKey("dispatch_running");
    assertThatThrownBy(() -> alice.get(worker.url() + "/")).hasMessageContaining("no answer");
  }

  /** Sockets and uploads of a whole class are more than one core can move. */
  @Test
  void studentsAreServedOnEveryCore() throws IOException, InterruptedException {
    NodeProcess node = lab.nodes(1).get(0);

    assertThat(instancesOf("io.anteroom.edge.EdgeVerticle", node))
      .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  /** How many objects of a class live in the JVM of a node. */
  private static int instancesOf(String className, NodeProcess node) throws IOException, InterruptedException {
    Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
      String.valueOf(node.pid()), "GC.class_histogram").redirectErrorStream(true).start();
    String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(histogram).isZero();
    return histogram.lines().map(line -> line.strip().split("\\s+"))
      .filter(words -> words.length == 4 && words[3].equals(className))
      .mapToInt(words -> Integer.parseInt(words[1])).sum();
  }
}
