package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes of one lab that were set up differently: one configuration is in force, and no task suffers by it. */
class DifferentNodesIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  /** More than two poll intervals of a dispatcher. */
  private static final Duration A_WHILE = Duration.ofSeconds(5);
  private static final double UNTIL_FINISHED = 9_999;

  private final TestCluster lab = TestCluster.of(2).with("ANTEROOM_TASK_LEASE", "4s")
    .with("ANTEROOM_TASK_POST_TIMEOUT", "2s")
    .with("ANTEROOM_TASK_GRACE", "3s");
  private final Student student = new Student("s2");

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void ofTwoLimitsTheOneOfTheLaterNodeIsInForceAndTheOtherSaysOnceThatItDiffers() throws IOException {
    long before = warnings("limit-of-4");
    NodeProcess first = lab.node("limit-of-4", Map.of("COMFY_MAX_CONCURRENT", "4")).awaitReady();
    assertThat(limit()).isEqualTo("4");
    NodeProcess second = lab.node("limit-of-7", Map.of("COMFY_MAX_CONCURRENT", "7")).awaitReady();
    Set<String> limits = new HashSet<>();

    await().atMost(TIMEOUT).until(() -> {
      limits.add(limit());
      return warnings(first.name()) > before;
    });
    await().during(A_WHILE.multipliedBy(2)).atMost(TIMEOUT).until(() -> limits.contains(limit()));

    assertThat(limits).containsExactly("7");
    assertThat(warnings(first.name())).isEqualTo(before + 1);
    assertThat(figure(first)).isEqualTo("1");
    assertThat(figure(second)).isEqualTo("0");
  }

  @Test
  void aNodeThatDoesNotListAnInstanceSeesToWhatRunsThereAndClaimsNothing() throws InterruptedException {
    NodeProcess lacking = lab.node("lacking", lab.listing(0)).awaitReady();
    NodeProcess whole = lab.node("whole").awaitReady();
    String running = run(whole);
    await().atMost(TIMEOUT).until(() -> lab.ledger().hasStarted(running));
    String waiting = run(whole);

    whole.freeze();
    done(lab.instance(1).finish(running));

    await().atMost(TIMEOUT).until(() -> field("task:" + running, "state").equals("completed"));
    await().during(A_WHILE).atMost(TIMEOUT).until(() -> field("task:" + waiting, "state").equals("queued")
      && field("task:" + waiting, "attempts").equals("0") && field("instance:comfy-2", "state").equals("up"));
    whole.thaw();
    await().atMost(TIMEOUT).until(() -> lab.ledger().hasStarted(waiting));
    done(lab.instance(1).finish(waiting));
    await().atMost(TIMEOUT).until(() -> field("task:" + waiting, "state").equals("completed"));
    assertThat(lab.ledger().ranTwice()).isEmpty();
    assertThat(figure(lacking)).isEqualTo("1");
  }

  /** Else each would lose its tasks to the other again and again. */
  @Test
  void aLeaseThatIsShorterThanANodesOwnIsRenewedInTime() {
    NodeProcess first = lab.node("lease-of-60", Map.of("ANTEROOM_TASK_LEASE", "60s")).awaitReady();
    lab.node("lease-of-4").awaitReady();
    await().atMost(TIMEOUT).until(() -> figure(first).equals("1"));
    String task = run(first);
    await().atMost(TIMEOUT).until(() -> lab.ledger().hasStarted(task));
    String fence = field("task:" + task, "fence");

    await().during(A_WHILE.multipliedBy(3)).atMost(TIMEOUT)
      .until(() -> field("task:" + task, "fence").equals(fence));

    assertThat(field("task:" + task, "owner")).startsWith(first.name() + "/");
  }

  private String run(NodeProcess node) {
    return student.run(node, Workflows.lasting(UNTIL_FINISHED)).taskId();
  }

  private String limit() {
    return field("limits", "limit");
  }

  private String field(String key, String name) {
    return String.valueOf(lab.redis().ask("HGET", "{anteroom}:" + key, name));
  }

  private String figure(NodeProcess node) {
    return student.get(node.adminUrl() + "/metrics").body().lines()
      .filter(line -> line.startsWith("anteroom_config_differs ")).findFirst().orElseThrow().split(" ")[1];
  }

  /** How often a node has said that it differs. */
  private static long warnings(String node) throws IOException {
    return Files.notExists(NodeProcess.log(node)) ? 0 : Files.readAllLines(NodeProcess.log(node)).stream()
      .filter(line -> line.contains("another configuration") && line.contains("limit.concurrent is 4 here, 7 in force"))
      .count();
  }
}
