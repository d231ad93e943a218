package io.anteroom.admin;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The figures of the whole lab against what the instances really did: two nodes, of which one dies and comes back. */
class FiguresIT {
  private static final int STUDENTS = 4;
  private static final List<String> ENDS =
    List.of("lab_completed", "lab_failed", "lab_cancelled", "lab_timed_out", "lab_lost");

  private final TestCluster lab = TestCluster.of(STUDENTS).with("COMFY_MAX_CONCURRENT", "2")
    .with("ANTEROOM_TASK_LEASE", "3s")
    .with("ANTEROOM_TASK_POST_TIMEOUT", "1s").with("ANTEROOM_TASK_GRACE", "1s");
  private final List<Student> students =
    IntStream.rangeClosed(1, STUDENTS).mapToObj(number -> new Student("s" + number)).toList();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void everyTaskIsCountedOnceWhateverHappensToTheNodes() throws InterruptedException {
    List<NodeProcess> nodes = new ArrayList<>(lab.nodes(2));
    List<String> tasks = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      for (Student student : students) {
        tasks.add(student.run(nodes.get(round % 2), Workflows.lasting(0.1)).taskId());
      }
    }
    String running = students.get(0).run(nodes.get(0), Workflows.lasting(600)).taskId();
    String waiting = students.get(0).run(nodes.get(0), Workflows.lasting(600)).taskId();
    String failing = students.get(1).run(nodes.get(0), Workflows.lasting(600)).taskId();
    until(() -> lab.ledger().hasStarted(running) && lab.ledger().hasStarted(failing));

    nodes.get(1).kill();
    until(() -> tasks.stream().allMatch(lab.ledger()::hasEnded));
    nodes.set(1, lab.again(nodes.get(1)).awaitReady());
    for (String task : List.of(waiting, waiting, running, running)) {
      students.get(0).cancel(nodes.get(1), task);
    }
    done(lab.instance(1).fail(failing, "failed by the test"));

    int submitted = tasks.size() + 3;
    nodes.forEach(node -> until(() -> sum(node.figures(), ENDS) == submitted));
    for (NodeProcess node : nodes) {
      Map<String, Long> figures = node.figures();
      assertThat(figures).as(node.name())
        .containsEntry("lab_submitted", (long) submitted).containsEntry("lab_rejected", 0L)
        .containsEntry("lab_started", (long) lab.ledger().runs().size())
        .containsEntry("lab_completed", runs(Run.Outcome.SUCCESS)).containsEntry("lab_failed", runs(Run.Outcome.ERROR))
        .containsEntry("lab_cancelled", 2L)
        .containsEntry("queue_processing", 0L).containsEntry("queue_waiting", 0L).containsEntry("queue_users", 0L);
    }
    assertThat(nodes.stream().map(NodeProcess::figures).mapToLong(figures -> figures.get("queue_cancelled")).sum())
      .isEqualTo(2);
  }

  @Test
  void whoWaitsForAnInstanceThatIsOutIsNotCountedAmongThoseWhoWait() {
    NodeProcess node = lab.nodes(1).get(0);
    done(lab.instance(0).goDown());
    until(() -> node.figures().get("instances_out") == 1);
    String blocked = students.get(0).run(node, Workflows.lasting(0.1)).taskId();

    until(() -> node.figures().get("queue_blocked") == 1);

    assertThat(node.figures()).containsEntry("queue_waiting", 0L).containsEntry("queue_users", 1L);
    assertThat(students.get(0).status(node, blocked).getInteger("position")).isZero();
  }

  private long runs(Run.Outcome outcome) {
    return lab.ledger().runs().stream().filter(run -> run.outcome() == outcome).count();
  }

  private static long sum(Map<String, Long> figures, List<String> names) {
    return names.stream().mapToLong(figures::get).sum();
  }
}
