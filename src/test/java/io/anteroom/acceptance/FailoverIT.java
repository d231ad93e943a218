package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.redis.SentinelFixture;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Sentinel failover to a replica that never heard of the last writes: nothing runs twice, what is lost is said. */
class FailoverIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final int LIMIT = 2;
  private static final double UNTIL_FINISHED = 9_999;

  private SentinelFixture redis;
  private TestCluster lab;
  private NodeProcess node;
  private final Student[] students = {new Student("s1"), new Student("s2"), new Student("s3")};

  @BeforeEach
  void start() throws IOException {
    redis = SentinelFixture.start();
    lab = TestCluster.of(3).with("COMFY_MAX_CONCURRENT", String.valueOf(LIMIT))
      .with("ANTEROOM_REDIS_URL", redis.url()).with("ANTEROOM_REDIS_TYPE", "sentinel")
      .with("ANTEROOM_REDIS_MASTER", SentinelFixture.MASTER)
      .with("ANTEROOM_TASK_LEASE", "4s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s").with("ANTEROOM_TASK_GRACE", "3s");
    node = lab.nodes(2).get(0);
  }

  @AfterEach
  void close() {
    lab.close();
    redis.close();
  }

  @Test
  void whatTheReplicaNeverHeardOfIsFoundOrSaidToBeLostAndNothingRunsTwice() throws InterruptedException {
    String known = started(0);
    String believedWaiting = run(0);

    redis.cutReplication();
    done(lab.instance(0).finish(known));
    await().atMost(TIMEOUT).until(() -> lab.ledger().hasStarted(believedWaiting));
    String submitLost = started(1);
    String lost = run(2);
    redis.killMaster();

    awaitState(2, lost, "lost");
    awaitState(0, known, "completed");
    done(lab.instance(0).finish(believedWaiting));
    awaitState(0, believedWaiting, "completed");
    done(lab.instance(1).finish(submitLost));
    awaitState(1, submitLost, "completed");
    String after = started(2);
    done(lab.instance(2).finish(after));
    awaitState(2, after, "completed");
    assertThat(students[2].status(node, lost).getJsonObject("error").encode()).contains("submit it again");
    assertThat(lab.ledger().runsOf(lost)).isEmpty();
    assertThat(lab.ledger().ranTwice()).isEmpty();
    assertThat(lab.ledger().mostAtOnce()).isLessThanOrEqualTo(LIMIT);
  }

  private String run(int student) {
    Answer answer = students[student].run(node, Workflows.lasting(UNTIL_FINISHED));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.taskId();
  }

  private String started(int student) {
    String task = run(student);
    await().atMost(TIMEOUT).until(() -> lab.ledger().hasStarted(task));
    return task;
  }

  private void awaitState(int student, String task, String state) {
    await().atMost(TIMEOUT).ignoreExceptions()
      .until(() -> state.equals(students[student].status(node, task).getString("status")));
  }
}
