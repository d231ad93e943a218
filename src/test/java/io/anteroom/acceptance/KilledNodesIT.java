package io.anteroom.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes are killed while students press Run again and again, at any node: nothing acknowledged is lost, nothing runs
 * twice, the limit holds. {@code -Dkilled.nodes=} for more of it.
 */
class KilledNodesIT {
  private static final int STUDENTS = 12;
  private static final int LIMIT = 5;
  private static final int KILLS = Integer.getInteger("killed.nodes", 3);
  private static final int RUNS_BETWEEN_KILLS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final TestCluster lab = TestCluster.of(STUDENTS)
    .with("COMFY_MAX_CONCURRENT", String.valueOf(LIMIT))
    .with("ANTEROOM_TASK_LEASE", "4s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s").with("ANTEROOM_TASK_GRACE", "3s");
  private final ExecutorService students = Executors.newFixedThreadPool(STUDENTS);
  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Random random = new Random(KILLS);
  private volatile boolean over;

  @AfterEach
  void close() {
    students.shutdownNow();
    lab.close();
  }

  @Test
  void nothingIsLostNothingRunsTwiceAndTheLimitHolds() throws InterruptedException {
    nodes.addAll(lab.nodes(3));
    IntStream.rangeClosed(1, STUDENTS).mapToObj(number -> new Student("s" + number))
      .forEach(student -> students.execute(() -> pressAgainAndAgain(student)));

    for (int kill = 0; kill < KILLS; kill++) {
      int before = lab.ledger().runs().size();
      await().atMost(TIMEOUT).until(() -> lab.ledger().runs().size() >= before + RUNS_BETWEEN_KILLS);
      nodes.remove(random.nextInt(nodes.size())).kill();
      nodes.add(lab.node().awaitReady());
    }
    over = true;

    await().atMost(TIMEOUT).until(() -> acknowledged.stream().allMatch(lab.ledger()::hasEnded));
    System.out.printf("%d nodes killed, %d tasks acknowledged: all ran, %d twice, %d at once%n", KILLS,
      acknowledged.size(), lab.ledger().ranTwice().size(), lab.ledger().mostAtOnce());
    assertThat(lab.ledger().ranTwice()).isEmpty();
    assertThat(lab.ledger().mostAtOnce()).isLessThanOrEqualTo(LIMIT);
  }

  /** Three runs each time, so that some wait; the next when the last of them has ended. */
  private void pressAgainAndAgain(Student student) {
    while (!over) {
      String last = null;
      for (int times = 0; times < 3; times++) {
        last = press(student);
      }
      String task = last;
      await().atMost(TIMEOUT).until(() -> over || task == null || lab.ledger().hasEnded(task));
    }
  }

  /** The task, or null when the node is gone or does not accept it. */
  private String press(Student student) {
    try {
      Answer answer = student.run(nodes.get(random.nextInt(nodes.size())), Workflows.lasting(0.5));
      if (answer.status() == 200) {
        acknowledged.add(answer.taskId());
        return answer.taskId();
      }
    } catch (AssertionError | IndexOutOfBoundsException nodeIsGone) {
      return null;
    }
    return null;
  }
}
