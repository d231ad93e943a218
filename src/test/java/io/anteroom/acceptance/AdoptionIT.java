package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.Stopwatch;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node dies at each point between claim and finish, and another watches its task long before the lease is over. The
 * run at the instance goes on, ends right, and is not repeated.
 */
class AdoptionIT {
  private static final Duration LEASE = Duration.ofSeconds(90);
  private static final Duration WATCHED_AGAIN_WITHIN = Duration.ofSeconds(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final List<Duration> TIMES = new ArrayList<>();
  private static final TestCluster LAB = lab();

  private static NodeProcess first;
  private static NodeProcess second;

  private final Student alice = new Student("s1");
  private final Student bob = new Student("s2");

  @BeforeEach
  void twoNodes() {
    LAB.relay().heal();
    first = first == null ? LAB.node("node-a") : first;
    second = second == null ? LAB.node("node-b") : second;
    first.awaitReady();
    second.awaitReady();
  }

  @AfterAll
  static void close() {
    System.out.printf("The tasks of nodes that died were watched again after: %s%n", TIMES);
    LAB.close();
  }

  @Test
  void whatRunsGoesOn() throws InterruptedException {
    String task = alice.run(first, Workflows.lasting(600)).taskId();
    until(() -> stage(task).equals("running"));

    watchedAgainAfter(task, kill(owner(task)));

    done(LAB.instance(0).finish(task));
    ends(alice, task, 1);
  }

  @Test
  void whatWasOnlyClaimedIsSent() throws InterruptedException {
    LAB.relay().hold("claim");
    String task = alice.pressRun(first, Workflows.lasting(0.2));
    until(LAB.relay()::holds);

    watchedAgainAfter(task, kill(owner(task)));

    ends(alice, task, 1);
  }

  /** Whether the request was out already when its node died is chance: if it was not, there is a second attempt. */
  @Test
  void whatIsOnItsWayArrivesOnce() throws InterruptedException {
    done(LAB.instance(0).slow(1_500));
    String task = alice.pressRun(first, Workflows.lasting(0.2));
    until(() -> stage(task).equals("submitting"));

    watchedAgainAfter(task, kill(owner(task)));

    until(() -> LAB.ledger().hasEnded(task));
    done(LAB.instance(0).heal());
    ends(alice, task, 2);
  }

  @Test
  void anEndThatWasNotWrittenIsSeen() throws InterruptedException {
    String task = alice.run(first, Workflows.lasting(600)).taskId();
    until(() -> stage(task).equals("running"));
    NodeProcess owner = owner(task);
    owner.freeze();
    done(LAB.instance(0).finish(task));

    watchedAgainAfter(task, kill(owner));

    ends(alice, task, 1);
  }

  /** The end was written, and with it the next task was claimed; that reply was lost. */
  @Test
  void whatWasClaimedWithAnEndIsSent() throws InterruptedException {
    String task = alice.run(first, Workflows.lasting(600)).taskId();
    until(() -> stage(task).equals("running"));
    String next = bob.run(first, Workflows.lasting(0.2)).taskId();
    LAB.relay().hold("finish");
    done(LAB.instance(0).finish(task));
    until(LAB.relay()::holds);

    watchedAgainAfter(next, kill(owner(next)));

    ends(bob, next, 1);
    ends(alice, task, 1);
  }

  @Test
  void aNodeThatStopsInGoodOrderHandsOverAtOnce() throws InterruptedException {
    String task = alice.run(first, Workflows.lasting(600)).taskId();
    until(() -> stage(task).equals("running"));
    NodeProcess owner = owner(task);
    Thread stopping = new Thread(() -> stop(owner));
    stopping.start();

    within(WATCHED_AGAIN_WITHIN, () -> isWatchedByAnother(task, owner));

    stopping.join();
    isGone(owner);
    done(LAB.instance(0).finish(task));
    ends(alice, task, 1);
  }

  /** No other node is there to learn of its death. */
  @Test
  void aNodeThatIsStartedAgainTakesOverItsFormerLife() throws InterruptedException {
    String task = alice.run(first, Workflows.lasting(600)).taskId();
    until(() -> stage(task).equals("running"));
    NodeProcess owner = owner(task);
    String formerLife = field(task, "owner");
    first.freeze();
    second.freeze();
    kill(first);
    kill(second);
    NodeProcess again = LAB.node(owner.name()).awaitReady();
    if (owner.name().equals("node-a")) {
      first = again;
    } else {
      second = again;
    }

    within(WATCHED_AGAIN_WITHIN, () -> !field(task, "owner").equals(formerLife));

    assertThat(field(task, "owner")).startsWith(owner.name() + "/");
    done(LAB.instance(0).finish(task));
    ends(alice, task, 1);
  }

  private static TestCluster lab() {
    TestCluster lab = TestCluster.of(2).with("COMFY_MAX_CONCURRENT", "1")
      .with("ANTEROOM_TASK_LEASE", LEASE.toSeconds() + "s");
    lab.relay();
    return lab;
  }

  private static Death kill(NodeProcess owner) throws InterruptedException {
    Stopwatch since = Stopwatch.start();
    owner.kill();
    isGone(owner);
    LAB.relay().release();
    return new Death(owner, since);
  }

  private static void isGone(NodeProcess node) {
    first = node == first ? null : first;
    second = node == second ? null : second;
  }

  private static void watchedAgainAfter(String task, Death death) {
    try (Stopwatch since = death.since()) {
      until(() -> isWatchedByAnother(task, death.node()));
      TIMES.add(since.assertWithin(WATCHED_AGAIN_WITHIN));
    }
  }

  private static boolean isWatchedByAnother(String task, NodeProcess former) {
    return !field(task, "owner").startsWith(former.name() + "/");
  }

  /** @param attempts how many there may have been, with one run in any case */
  private void ends(Student student, String task, int attempts) {
    NodeProcess any = first == null ? second : first;
    until(() -> student.status(any, task).getString("status").equals("completed"));
    assertThat(Integer.parseInt(field(task, "attempts"))).isBetween(1, attempts);
    assertThat(LAB.ledger().runsOf(task)).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Run.Outcome.SUCCESS));
    assertThat(LAB.ledger().mostAtOnce()).isEqualTo(1);
  }

  private static NodeProcess owner(String task) {
    return field(task, "owner").startsWith(first.name() + "/") ? first : second;
  }

  private static String stage(String task) {
    return field(task, "stage");
  }

  private static String field(String task, String name) {
    return String.valueOf(LAB.redis().ask("HGET", "{anteroom}:task:" + task, name));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(TIMEOUT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  private static void stop(NodeProcess node) {
    try {
      node.stop();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Which node died, and the time since. */
  private record Death(NodeProcess node, Stopwatch since) {
  }
}
