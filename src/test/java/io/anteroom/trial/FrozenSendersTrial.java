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
  /** In seconds: so long that one node at a time can be frozen at one prompt in twenty. */
  private static final double SHORTEST = 4;
  private static final double LONGEST = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Path FOLDER = Path.of("target", "trial", "frozen").toAbsolutePath();

  private final ExecutorService students = Executors.newCachedThreadPool();
  private final List<InstanceConnection> lines = new CopyOnWriteArrayList<>();
  private TrialCluster house;
  private QueueAudit audit;
  private FrozenSender sender;
  private volatile boolean over;

  @AfterEach
  void close() {
    students.shutdownNow();
    lines.forEach(InstanceConnection::close);
    house.close();
  }

  @Test
  void withoutTheGuardSomeOfTheirTasksRunTwice() {
    sendFrozen(false);

    tell("without the guard");
    assertThat(house.ledger().ranTwice()).isNotEmpty();
  }

  @Test
  void withTheGuardNoneDoes() {
    sendFrozen(true);

    tell("with the guard");
    assertThat(house.ledger().ranTwice()).isEmpty();
    assertThat(house.ledger().mostAtOnce()).isLessThanOrEqualTo(TrialSettings.LIMIT);
  }

  private void sendFrozen(boolean guard) {
    house = new TrialCluster(TrialSettings.given().with(guard), FOLDER, this::line);
    audit = new QueueAudit(house.redis(), TrialSettings.LIMIT, TrialSettings.USER_RUNNING);
    sender = new FrozenSender(house.nodes(), audit, house.ledger());

    house.roster().users().forEach(user -> students.execute(() -> pressAgainAndAgain(new Student(user))));
    Awaitility.await().atMost(PATIENCE).until(() -> sender.sent() >= DISPATCHES);
    over = true;
    Awaitility.await().atMost(PATIENCE).until(() -> audit.leftovers().isEmpty());
  }

  private String line(SimulatedComfy comfy) {
    InstanceConnection line = new InstanceConnection(comfy.name(), comfy.url(), instance -> sender.pass(instance));
    lines.add(line);
    return line.url();
  }

  /** The next when the last has ended. */
  private void pressAgainAndAgain(Student student) {
    SeededRandom dice = new SeededRandom(student.name().hashCode());
    while (!over) {
      try {
        Student.Answer answer =
          student.run(dice.any(house.nodes()), Workflows.lasting(dice.between(SHORTEST, LONGEST)));
        if (answer.status() == 200) {
          Awaitility.await().atMost(PATIENCE).until(() -> over || house.ledger().hasEnded(answer.taskId()));
        }
      } catch (AssertionError nodeIsFrozen) {
        continue;
      }
    }
  }

  private void tell(String how) {
    System.out.printf("nodes frozen between their last check and the POST, %s: %d of %d dispatches, %d double runs, "
      + "most %d of %d at once%n", how, sender.frozen(), sender.sent(), house.ledger().ranTwice().size(),
      house.ledger().mostAtOnce(), TrialSettings.LIMIT);
  }
}
