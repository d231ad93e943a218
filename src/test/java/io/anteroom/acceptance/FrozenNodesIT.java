package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node is stopped for longer than its lease and goes on then, as after a pause of its machine: others watch its tasks
 * meanwhile, and awake it changes nothing and sends nothing.
 */
class FrozenNodesIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final TestCluster lab = TestCluster.of(2).with("COMFY_MAX_CONCURRENT", "1").with("ANTEROOM_TASK_LEASE", "8s")
    .with("ANTEROOM_TASK_POST_TIMEOUT", "4s").with("ANTEROOM_TASK_GRACE", "5s").with("ANTEROOM_TASK_TIMEOUT", "10m");
  private final Student alice = new Student("s1");
  private final Student bob = new Student("s2");
  private List<NodeProcess> nodes;

  @BeforeEach
  void twoNodes() {
    lab.relay();
    nodes = lab.nodes(2);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void whatRanBeforeThePauseGoesOnUnderAnotherNode() throws InterruptedException, IOException {
    String task = alice.run(nodes.get(0), Workflows.lasting(600)).taskId();
    until(() -> field(task, "stage").equals("running"));
    NodeProcess frozen = owner(task);
    String waiting = bob.run(other(frozen), Workflows.lasting(0.2)).taskId();

    frozen.freeze();
    until(() -> owner(task) != frozen);
    frozen.thaw();
    until(() -> says(frozen, "Another node watches the task now: task=" + task));

    assertThat(lab.ledger().runsOf(task)).singleElement().matches(run -> !run.isOver());
    done(lab.instance(0).finish(task));
    endsAfterOneRun(alice, task, 1);
    endsAfterOneRun(bob, waiting, 1);
  }

  /** The store's leave to send was on its way to the node when it stopped. */
  @Test
  void whatWasAboutToBeSentIsNotSentAfterThePause() throws InterruptedException, IOException {
    lab.relay().hold("begin_submit");
    String task = alice.pressRun(nodes.get(0), Workflows.lasting(600));
    until(lab.relay()::holds);
    NodeProcess frozen = owner(task);

    frozen.freeze();
    assertThat(lab.ledger().runsOf(task)).as("frozen before its patience with the store ended").isEmpty();
    lab.relay().release();
    until(() -> owner(task) != frozen);
    frozen.thaw();
    until(() -> says(frozen, "Another node watches the task now: task=" + task));

    until(() -> lab.ledger().hasStarted(task));
    done(lab.instance(0).finish(task));
    endsAfterOneRun(alice, task, 2);
  }

  private void endsAfterOneRun(Student student, String task, int attempts) {
    nodes.forEach(node -> until(() -> student.status(node, task).getString("status").equals("completed")));
    assertThat(field(task, "attempts")).isEqualTo(String.valueOf(attempts));
    assertThat(lab.ledger().runsOf(task)).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Run.Outcome.SUCCESS));
    assertThat(lab.ledger().mostAtOnce()).isEqualTo(1);
  }

  private NodeProcess owner(String task) {
    return nodes.stream().filter(node -> field(task, "owner").startsWith(node.name() + "/")).findFirst().orElseThrow();
  }

  private NodeProcess other(NodeProcess node) {
    return nodes.get(0) == node ? nodes.get(1) : nodes.get(0);
  }

  private String field(String task, String name) {
    return String.valueOf(lab.redis().ask("HGET", "{anteroom}:task:" + task, name));
  }

  private static boolean says(NodeProcess node, String words) throws IOException {
    return Files.readString(node.log()).contains(words);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(TIMEOUT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
