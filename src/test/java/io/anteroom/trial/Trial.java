package io.anteroom.trial;

import static io.anteroom.support.Awaited.done;

import io.anteroom.redis.QueueAudit;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.trial.checker.Auditor;
import io.anteroom.trial.checker.Evidence;
import io.anteroom.trial.checker.Inquest;
import io.anteroom.trial.checker.Lateness;
import io.anteroom.trial.checker.Promise;
import io.anteroom.trial.checker.Promises;
import io.anteroom.trial.checker.Report;
import io.anteroom.trial.checker.TaskStory;
import io.anteroom.trial.generator.Browser;
import io.anteroom.trial.generator.Demand;
import io.anteroom.trial.generator.Dice;
import io.anteroom.trial.generator.Page;
import io.anteroom.trial.generator.StudentLife;
import io.anteroom.trial.generator.StudentLife.Desk;
import io.anteroom.trial.history.Notes;
import io.anteroom.trial.history.Occurrence;
import io.anteroom.trial.nemesis.Course;
import io.anteroom.trial.nemesis.FaultPlan;
import io.anteroom.trial.nemesis.Scene;
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
  private final Dice dice;
  private final House house;
  private final Vertx vertx = Vertx.vertx();
  private final Notes notes = new Notes();
  private final QueueAudit audit;
  private final Auditor auditor;
  private final Demand demand;
  private final MemoryWatch memory = new MemoryWatch();
  private final Lateness lateness = new Lateness();
  private final Scene scene;
  private final ExecutorService students = Executors.newCachedThreadPool();
  private final ScheduledExecutorService watchers = Executors.newScheduledThreadPool(4);
  private volatile boolean lessonIsOver;

  Trial(TrialSettings settings) {
    this.settings = settings;
    this.dice = new Dice(settings.seed());
    this.house = new House(settings, FOLDER.toAbsolutePath().resolve("conf"));
    this.audit = new QueueAudit(house.redis(), TrialSettings.LIMIT, TrialSettings.USER_RUNNING);
    this.auditor = new Auditor(audit, house::crowded);
    this.demand = new Demand(audit::somebodyWaits);
    this.scene = new Scene(house, dice, settings, notes);
  }

  Report run() throws InterruptedException {
    begin();
    List<Occurrence> faults = new Course(scene, new FaultPlan(dice)).run();
    lessonIsOver = true;
    students.shutdown();
    students.awaitTermination(LAST_ENDS.toSeconds(), TimeUnit.SECONDS);
    awaitLastEnds();
    return judge(faults);
  }

  private void begin() {
    WebSocketClient sockets = Page.sockets(vertx);
    for (String user : house.roster().users()) {
      Dice own = new Dice(settings.seed() + user.hashCode());
      Desk desk = new Desk(user, new Browser(user, house.nodes(), own),
        new Page(sockets, user, task -> notes.shown(user, task)), own);
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

  private Report judge(List<Occurrence> faults) throws InterruptedException {
    watchers.shutdownNow();
    auditor.look();
    Evidence evidence = new Evidence(notes, house.ledger().runs(), new Inquest(house.nodes()).ask(notes.acknowledged()),
      faults, auditor.sum(), lateness.ofAChain(), audit::owner);
    List<Promise.Finding> findings = new ArrayList<>(Promises.judge(evidence));
    memory.finding().ifPresent(findings::add);
    Report report = new Report(settings, evidence, findings, new TaskStory(audit, NodeProcess.LOGS),
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
