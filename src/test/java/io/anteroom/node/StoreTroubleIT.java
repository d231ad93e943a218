package io.anteroom.node;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis dies, hangs, fills up or comes back empty under a node that runs tasks: the instances' ledger judges. */
class StoreTroubleIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LONG = Duration.ofSeconds(Integer.getInteger("redis.away", 15));
  private static final double UNTIL_FINISHED = 9_999;

  private final TestCluster lab = TestCluster.of(2).with("COMFY_MAX_CONCURRENT", "1")
    .with("ANTEROOM_TASK_LEASE", "4s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s").with("ANTEROOM_TASK_GRACE", "3s");
  private final Student one = new Student("s1");
  private final Student two = new Student("s2");
  private NodeProcess node;
  private String running;
  private String waiting;

  @BeforeEach
  void oneRunsAndOneWaits() {
    node = lab.nodes(1).get(0);
    running = submit(one);
    await().atMost(PATIENCE).until(() -> lab.ledger().hasStarted(running));
    waiting = submit(two);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** {@code -Dredis.away=60} for longer. */
  @Test
  void whileRedisIsAwayForLongRunsGoOnAndTheirEndsAreWrittenLater() {
    lab.redis().kill();
    Answer refused = press(two);
    done(lab.instance(0).finish(running));
    await().atMost(PATIENCE).until(() -> lab.ledger().hasEnded(running));
    await().pollDelay(LONG).atMost(LONG.multipliedBy(2)).until(() -> true);
    lab.redis().up();

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.retryAfter()).isNotEmpty();
    awaitState(one, running, "completed");
    finishes(two, waiting);
    assertThat(lab.ledger().ranTwice()).isEmpty();
  }

  @Test
  void aFrozenRedisThatThawsFindsEverythingAsItWas() {
    lab.redis().freeze();
    Answer refused = press(two);
    done(lab.instance(0).finish(running));
    lab.redis().thaw();

    assertThat(refused.status()).isEqualTo(503);
    awaitState(one, running, "completed");
    finishes(two, waiting);
    assertThat(lab.ledger().ranTwice()).isEmpty();
  }

  @Test
  void whatRedisForgotOfScriptsIsSentAgainUnderWay() {
    lab.redis().ask("SCRIPT", "FLUSH");
    done(lab.instance(0).finish(running));

    awaitState(one, running, "completed");
    finishes(two, waiting);
  }

  @Test
  void aFullRedisTakesNoNewTaskButFinishesAndStartsWhatItHas() {
    lab.redis().isFull();
    Answer refused = press(two);
    done(lab.instance(0).finish(running));

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().getJsonObject("error").getString("message")).contains("full").contains("maxmemory");
    awaitState(one, running, "completed");
    finishes(two, waiting);
    lab.redis().hasRoom();
    assertThat(press(two).status()).isEqualTo(200);
  }

  @Test
  void aRedisThatComesBackEmptyCountsWhatRunsAndSaysWhatItLost() {
    lab.redis().flush();

    awaitState(two, waiting, "lost");
    String next = submit(two);
    awaitState(one, running, "processing");
    assertThat(two.status(node, next).getString("status")).isEqualTo("queued");
    done(lab.instance(0).finish(running));
    awaitState(one, running, "completed");
    finishes(two, next);
    assertThat(lab.ledger().mostAtOnce()).isEqualTo(1);
    assertThat(lab.ledger().runsOf(waiting)).isEmpty();
  }

  private Answer press(Student student) {
    return student.run(node, Workflows.lasting(UNTIL_FINISHED));
  }

  private String submit(Student student) {
    return press(student).taskId();
  }

  private void finishes(Student student, String task) {
    await().atMost(PATIENCE).until(() -> lab.ledger().hasStarted(task));
    done(lab.instance(1).finish(task));
    awaitState(student, task, "completed");
  }

  private void awaitState(Student student, String task, String state) {
    await().atMost(PATIENCE).ignoreExceptions()
      .until(() -> state.equals(student.status(node, task).getString("status")));
  }
}
