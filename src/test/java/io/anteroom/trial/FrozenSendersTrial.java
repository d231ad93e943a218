package io.anteroom.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.redis.QueueAudit;
import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.trial.generator.SeededRandom;
import io.anteroom.trial.nemesis.FrozenSender;
import io.anteroom.trial.nemesis.InstanceConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes are frozen exactly between their last check and the arrival of what they send, one prompt in twenty: a gap that
 * only the guard at the instances can close. {@code -Dtrial.dispatches=} for more of it.
 */
class FrozenSendersTrial {
  private static final int DISPATCHES = Integer.getInteger("trial.dispatches", 400);
  /** So long that one node at a time can be frozen at one prompt in twenty. */
  private static final double MIN_SECONDS = 4;
  private static final double MAX_SECONDS = 8;
  private static final Duration MAX_WAIT = Duration.ofMinutes(20);
  private static final Path FOLDER = Path.of("target", "trial", "frozen").toAbsolutePath();

  private final ExecutorService students = Executors.newCachedThreadPool();
  private final List<InstanceConnection> connections = new CopyOnWriteArrayList<>();
  private TrialCluster cluster;
  private QueueAudit audit;
  private FrozenSender sender;
  private volatile boolean over;

  @AfterEach
  void close() {
    students.shutdownNow();
    connections.forEach(InstanceConnection::close);
    cluster.close();
  }

  @Test
  void withoutTheGuardSomeOfTheirTasksRunTwice() {
    sendFrozen(false);

    print("without the guard");
    assertThat(cluster.ledger().ranTwice()).isNotEmpty();
  }

  @Test
  void withTheGuardNoneDoes() {
    sendFrozen(true);

    print("with the guard");
    assertThat(cluster.ledger().ranTwice()).isEmpty();
    assertThat(cluster.ledger().mostAtOnce()).isLessThanOrEqualTo(TrialSettings.LIMIT);
  }

  private void sendFrozen(boolean guard) {
    cluster = new TrialCluster(TrialSettings.given().with(guard), FOLDER, this::connect);
    audit = new QueueAudit(cluster.redis(), TrialSettings.LIMIT, TrialSettings.USER_RUNNING);
    sender = new FrozenSender(cluster.nodes(), audit, cluster.ledger());

    cluster.layout().users().forEach(user -> students.execute(() -> submitRepeatedly(new Student(user))));
    Awaitility.await().atMost(MAX_WAIT).until(() -> sender.sent() >= DISPATCHES);
    over = true;
    Awaitility.await().atMost(MAX_WAIT).until(() -> audit.leftovers().isEmpty());
  }

  private String connect(SimulatedComfy comfy) {
    InstanceConnection connection =
      new InstanceConnection(comfy.name(), comfy.url(), instance -> sender.beforePrompt(instance));
    connections.add(connection);
    return connection.url();
  }

  /** The next one when the last has ended. */
  private void submitRepeatedly(Student student) {
    SeededRandom random = new SeededRandom(student.name().hashCode());
    while (!over) {
      try {
        Student.Answer answer =
          student.run(random.any(cluster.nodes()), Workflows.lasting(random.between(MIN_SECONDS, MAX_SECONDS)));
        if (answer.status() == 200) {
          Awaitility.await().atMost(MAX_WAIT).until(() -> over || cluster.ledger().hasEnded(answer.taskId()));
        }
      } catch (AssertionError nodeIsFrozen) {
        continue;
      }
    }
  }

  private void print(String how) {
    System.out.printf("nodes frozen between their last check and the POST, %s: %d of %d dispatches, %d double runs, "
      + "most %d of %d at once%n", how, sender.frozen(), sender.sent(), cluster.ledger().ranTwice().size(),
      cluster.ledger().mostAtOnce(), TrialSettings.LIMIT);
  }
}
