package io.anteroom.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.simulator.ledger.Concurrency;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.anteroom.task.TaskId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes in JVMs of their own, one Redis, thirty students, limit 10: judged by what the instances really ran. */
@Tag("alone")
class LimitIT {
  private static final int STUDENTS = 30;
  private static final int LIMIT = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final double SECONDS = 3;

  private final ExecutorService students = Executors.newFixedThreadPool(STUDENTS);
  private final Random random = new Random(7);
  private final TestCluster lab = TestCluster.of(STUDENTS).with("COMFY_MAX_CONCURRENT", String.valueOf(LIMIT));

  @AfterEach
  void close() {
    students.shutdownNow();
    lab.close();
  }

  @Test
  void thirtyStudentsPressRunWithinASecondAndTenRunAtOnceForAsLongAsOthersWait() throws Exception {
    List<NodeProcess> nodes = lab.nodes(3);

    List<String> tasks = everybodyRuns(nodes);
    awaitAllEnded(tasks);

    theLimitWasKeptAndUsed(tasks);
  }

  @Test
  void theLimitHoldsWhileANodeIsAddedAndAnotherStops() throws Exception {
    List<NodeProcess> nodes = new ArrayList<>(lab.nodes(2));

    List<String> tasks = new ArrayList<>();
    for (int times = 0; times < 3; times++) {
      tasks.addAll(everybodyRuns(nodes));
    }
    nodes.add(lab.node().awaitReady());
    tasks.addAll(everybodyRuns(nodes));
    nodes.remove(0).stop();
    tasks.addAll(everybodyRuns(nodes));
    awaitAllEnded(tasks);

    theLimitWasKeptAndUsed(tasks);
  }

  @Test
  void waitingTasksSurviveAStopAndStartOfEverything() throws Exception {
    List<NodeProcess> nodes = lab.nodes(2);
    List<String> tasks = everybodyRuns(nodes);

    for (NodeProcess node : nodes) {
      node.stop();
    }
    lab.redis().down();
    lab.redis().up();
    lab.nodes(2);
    awaitAllEnded(tasks);

    assertThat(lab.ledger().ranTwice()).isEmpty();
    assertThat(lab.ledger().mostAtOnce()).isLessThanOrEqualTo(LIMIT);
  }

  /** Each student presses Run once, at a node chosen at random; answers the tasks. */
  private List<String> everybodyRuns(List<NodeProcess> nodes) throws Exception {
    List<Callable<String>> presses = IntStream.rangeClosed(1, STUDENTS).mapToObj(number -> {
      NodeProcess node = nodes.get(random.nextInt(nodes.size()));
      return (Callable<String>) () -> press(new Student("s" + number), node);
    }).toList();
    List<String> tasks = new ArrayList<>();
    for (Future<String> press : students.invokeAll(presses)) {
      tasks.add(press.get());
    }
    return tasks;
  }

  /** Again, as the same run, while the node says that its store was not in time: that is not what is tried here. */
  private static String press(Student student, NodeProcess node) {
    String run = new JsonObject().put("prompt_id", TaskId.random().value())
      .put("prompt", Workflows.lasting(SECONDS)).encode();
    String page = node.url() + "/u/" + student.name() + "/api/prompt";
    Answer answer = await().atMost(TIMEOUT).until(() -> student.post(page, run), told -> told.status() != 503);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.taskId();
  }

  private void awaitAllEnded(List<String> tasks) {
    await().atMost(TIMEOUT).until(() -> tasks.stream().allMatch(lab.ledger()::hasEnded));
  }

  private void theLimitWasKeptAndUsed(List<String> tasks) {
    List<Run> runs = lab.ledger().runs();
    Set<String> ran = runs.stream().map(Run::promptId).collect(Collectors.toSet());
    assertThat(lab.ledger().mostAtOnce()).isEqualTo(LIMIT);
    assertThat(ran).containsExactlyInAnyOrderElementsOf(tasks);
    assertThat(runs).as("every task once").hasSameSizeAs(tasks);

    Concurrency concurrency = lab.ledger().concurrency();
    long full = concurrency.steps().stream().filter(step -> step.running() == LIMIT).findFirst().orElseThrow().at();
    long stillWaiting = runs.stream().map(Run::begin).sorted().skip(runs.size() - LIMIT).findFirst().orElseThrow();
    double span = seconds(stillWaiting - full);
    double used = busySeconds(runs, full, stillWaiting) / (LIMIT * span);
    System.out.printf("places in use while tasks waited: %.1f %% of %d over %.1f s%n", used * 100, LIMIT, span);
    assertThat(used).as("share of the places that were in use while tasks waited").isGreaterThan(0.9);
  }

  private static double busySeconds(List<Run> runs, long from, long to) {
    return runs.stream()
      .mapToDouble(run -> Math.max(0, seconds(Math.min(run.end().orElse(to), to) - Math.max(run.begin(), from))))
      .sum();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
