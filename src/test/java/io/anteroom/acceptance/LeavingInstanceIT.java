package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance is taken out of the list while a task runs on it: the run is seen to its end, wherever it is watched. */
class LeavingInstanceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  /** Far more than a lease and a poll of the instance, far less than an instance is waited for. */
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final double UNTIL_FINISHED = 9_999;

  private final Vertx vertx = Vertx.vertx();
  private final TestCluster lab = TestCluster.of(2).with("ANTEROOM_TASK_LEASE", "4s")
    .with("ANTEROOM_TASK_POST_TIMEOUT", "2s")
    .with("ANTEROOM_TASK_GRACE", "3s");
  private final Student student = new Student("s1");

  @AfterEach
  void close() {
    lab.close();
    done(vertx.close());
  }

  @Test
  void itsRunEndsWellThePageHearsOfItAndThePlaceIsFree() {
    List<NodeProcess> nodes = lab.nodes(2);
    LoyalPage page = new LoyalPage(vertx.createWebSocketClient(), nodes, "s1");
    String task = page.run(UNTIL_FINISHED);
    until(() -> lab.ledger().hasStarted(task));
    String waiting = student.run(nodes.get(0), Workflows.lasting(UNTIL_FINISHED)).taskId();

    List<Long> reloads = nodes.stream().map(LeavingInstanceIT::reloads).toList();
    leaves();
    assertThat(student.status(nodes.get(1), waiting).getJsonObject("outage").encode()).contains("comfy-1", "draining");
    done(lab.instance(0).finish(task));

    endsSoon(task);
    await().atMost(SOON).until(() -> page.hasHeardTheEndOf(task));
    assertThat(lab.redis().ask("EXISTS", "{anteroom}:processing", "{anteroom}:draining").toInteger()).isZero();
    // One whose lists are still those of before would send the student's tasks there.
    until(() -> IntStream.range(0, nodes.size()).allMatch(node -> reloads(nodes.get(node)) > reloads.get(node)));
    String next = student.run(nodes.get(1), Workflows.lasting(UNTIL_FINISHED)).taskId();
    until(() -> lab.ledger().hasStarted(waiting));
    done(lab.instance(1).finish(waiting));
    until(() -> lab.ledger().hasStarted(next));
    assertThat(lab.ledger().runsOf(task)).hasSize(1);
  }

  /** The nodes that run then have never listed it. */
  @Test
  void itsRunEndsWellAlsoAtNodesThatAreStartedLater() throws InterruptedException {
    NodeProcess node = lab.nodes(1).get(0);
    String task = student.run(node, Workflows.lasting(UNTIL_FINISHED)).taskId();
    until(() -> lab.ledger().hasStarted(task));

    leaves();
    node.kill();
    lab.again(node).awaitReady();
    until(() -> !field("task:" + task, "owner").isEmpty());
    done(lab.instance(0).finish(task));

    endsSoon(task);
    assertThat(lab.ledger().runsOf(task)).hasSize(1);
  }

  @Test
  void oneThatComesBackMeanwhileGoesOnWithWhatItHas() {
    NodeProcess node = lab.nodes(1).get(0);
    String task = student.run(node, Workflows.lasting(UNTIL_FINISHED)).taskId();
    until(() -> lab.ledger().hasStarted(task));

    leaves();
    lab.lists(List.of(0, 1), 0);
    until(() -> !isMember("draining") && isMember("instances"));
    String next = student.run(node, Workflows.lasting(UNTIL_FINISHED)).taskId();
    assertThat(student.status(node, next).getString("status")).isEqualTo("queued");
    done(lab.instance(0).finish(task));

    endsSoon(task);
    until(() -> lab.ledger().hasStarted(next));
    assertThat(lab.ledger().mostAtOnceOn("comfy-1")).isEqualTo(1);
    assertThat(lab.ledger().ranTwice()).isEmpty();
  }

  private void leaves() {
    lab.lists(List.of(1), 1);
    until(() -> isMember("draining") && !isMember("instances"));
  }

  private static long reloads(NodeProcess node) {
    try (Stream<String> lines = Files.lines(node.log())) {
      return lines.filter(line -> line.contains("Changed files reloaded")).count();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void endsSoon(String task) {
    await().atMost(SOON).until(() -> field("task:" + task, "state").equals("completed"));
  }

  private boolean isMember(String set) {
    return lab.redis().ask("SISMEMBER", "{anteroom}:" + set, "comfy-1").toInteger() == 1;
  }

  private String field(String key, String name) {
    return String.valueOf(lab.redis().ask("HGET", "{anteroom}:" + key, name));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(TIMEOUT).until(condition);
  }
}
