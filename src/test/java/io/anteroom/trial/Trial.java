package io.anteroom.trial;

import static io.anteroom.support.Awaited.done;

import io.anteroom.redis.QueueAudit;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.trial.checker.Auditor;
import io.anteroom.trial.checker.Evidence;
import io.anteroom.trial.checker.FinalAudit;
import io.anteroom.trial.checker.Invariant;
import io.anteroom.trial.checker.Invariants;
import io.anteroom.trial.checker.SchedulingDelay;
import io.anteroom.trial.checker.TaskTimeline;
import io.anteroom.trial.checker.TrialReport;
import io.anteroom.trial.generator.Demand;
import io.anteroom.trial.generator.PageState;
import io.anteroom.trial.generator.SeededRandom;
import io.anteroom.trial.generator.SimulatedPage;
import io.anteroom.trial.generator.StudentLife;
import io.anteroom.trial.generator.StudentLife.Desk;
import io.anteroom.trial.history.FaultEvent;
import io.anteroom.trial.history.TrialHistory;
import io.anteroom.trial.nemesis.FaultContext;
import io.anteroom.trial.nemesis.FaultPlan;
import io.anteroom.trial.nemesis.FaultSchedule;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The course of a trial: a lab opens, students work, one fault follows the other, the lesson ends, what waits runs to
 * its end, and then every promise is judged by what the instances really ran and by what the students noted.
 */
final class Trial implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "trial");
  private static final Duration LAST_ENDS = Duration.ofMinutes(4);

  private final TrialSettings settings;
  private final SeededRandom dice;
  private final TrialCluster house;
  private final Vertx vertx = Vertx.vertx();
  private final TrialHistory notes = new TrialHistory();
  private final QueueAudit audit;
  private final Auditor auditor;
  private final Demand demand;
  private final MemoryWatch memory = new MemoryWatch();
  private final SchedulingDelay lateness = new SchedulingDelay();
  private final FaultContext scene;
  private final ExecutorService students = Executors.newCachedThreadPool();
  private final ScheduledExecutorService watchers = Executors.newScheduledThreadPool(4);
  private volatile boolean lessonIsOver;

  Trial(TrialSettings settings) {
    this.settings = settings;
    this.dice = new SeededRandom(settings.seed());
    this.house = new TrialCluster(settings, FOLDER.toAbsolutePath().resolve("conf"));
    this.audit = new QueueAudit(house.redis(), TrialSettings.LIMIT, TrialSettings.USER_RUNNING);
    this.auditor = new Auditor(audit, house::crowded);
    this.demand = new Demand(audit::somebodyWaits);
    this.scene = new FaultContext(house, dice, settings, notes);
  }

  TrialReport run() throws InterruptedException {
    begin();
    List<FaultEvent> faults = new FaultSchedule(scene, new FaultPlan(dice)).run();
    lessonIsOver = true;
    students.shutdown();
    students.awaitTermination(LAST_ENDS.toSeconds(), TimeUnit.SECONDS);
    awaitLastEnds();
    return judge(faults);
  }

  private void begin() {
    WebSocketClient sockets = PageState.sockets(vertx);
    for (String user : house.roster().users()) {
      SeededRandom own = new SeededRandom(settings.seed() + user.hashCode());
      Desk desk = new Desk(user, new SimulatedPage(user, house.nodes(), own),
        new PageState(sockets, user, task -> notes.shown(user, task)), own);
      students.execute(new StudentLife(desk, notes, () -> lessonIsOver));
    }
    watchers.execute(lateness);
    watchers.scheduleWithFixedDelay(auditor::look, 1, 1, TimeUnit.SECONDS);
    watchers.scheduleWithFixedDelay(() -> demand.look(house.ledger().now()), 200, 200, TimeUnit.MILLISECONDS);
    watchers.scheduleWithFixedDelay(this::lookAtMemory, 20, 20, TimeUnit.SECONDS);
  }

  private void lookAtMemory() {
    try {
      if (scene.sparesTheEldest()) {
        memory.look(house.nodes().get(0));
      }
    } catch (InterruptedException trialIsOver) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until nothing waits or runs any more, or for so long that it never will. */
  private void awaitLastEnds() throws InterruptedException {
    long start = System.nanoTime();
    while (!audit.leftovers().isEmpty() && System.nanoTime() - start < LAST_ENDS.toNanos()) {
      Thread.sleep(500);
    }
  }

  private TrialReport judge(List<FaultEvent> faults) throws InterruptedException {
    watchers.shutdownNow();
    auditor.look();
    Evidence evidence = new Evidence(notes, house.ledger().runs(), new FinalAudit(house.nodes())
      .ask(notes.acknowledged()),
      faults, auditor.sum(), lateness.ofAChain(), audit::owner);
    List<Invariant.Finding> findings = new ArrayList<>(Invariants.judge(evidence));
    memory.finding().ifPresent(findings::add);
    TrialReport report = new TrialReport(settings, evidence, findings, new TaskTimeline(audit, NodeProcess.LOGS),
      demand);
    report.write(FOLDER.resolve("report.md"));
    return report;
  }

  @Override
  public void close() {
    students.shutdownNow();
    watchers.shutdownNow();
    house.close();
    done(vertx.close());
  }
}
