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
 * A trial in Jepsen's sense: generators play students while a nemesis injects one fault after the other; when both are
 * done, what waits runs to its end, and the checker holds every invariant against the history of the students and
 * against what the instances really ran.
 */
final class Trial implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "trial");
  private static final Duration LAST_ENDS = Duration.ofMinutes(4);

  private final TrialSettings settings;
  private final SeededRandom random;
  private final TrialCluster cluster;
  private final Vertx vertx = Vertx.vertx();
  private final TrialHistory history = new TrialHistory();
  private final QueueAudit audit;
  private final Auditor auditor;
  private final Demand demand;
  private final MemoryWatch memory = new MemoryWatch();
  private final SchedulingDelay schedulingDelay = new SchedulingDelay();
  private final FaultContext context;
  private final ExecutorService students = Executors.newCachedThreadPool();
  private final ScheduledExecutorService watchers = Executors.newScheduledThreadPool(4);
  private volatile boolean isOver;

  Trial(TrialSettings settings) {
    this.settings = settings;
    this.random = new SeededRandom(settings.seed());
    this.cluster = new TrialCluster(settings, FOLDER.toAbsolutePath().resolve("conf"));
    this.audit = new QueueAudit(cluster.redis(), TrialSettings.LIMIT, TrialSettings.USER_RUNNING);
    this.auditor = new Auditor(audit, cluster::overfull);
    this.demand = new Demand(audit::somebodyWaits);
    this.context = new FaultContext(cluster, random, settings, history);
  }

  TrialReport run() throws InterruptedException {
    begin();
    List<FaultEvent> faults = new FaultSchedule(context, new FaultPlan(random)).run();
    isOver = true;
    students.shutdown();
    students.awaitTermination(LAST_ENDS.toSeconds(), TimeUnit.SECONDS);
    awaitLastEnds();
    return check(faults);
  }

  private void begin() {
    WebSocketClient sockets = PageState.sockets(vertx);
    for (String user : cluster.layout().users()) {
      SeededRandom own = new SeededRandom(settings.seed() + user.hashCode());
      students.execute(new StudentLife(user, new SimulatedPage(user, cluster.nodes(), own),
        new PageState(sockets, user, task -> history.shown(user, task)), own, history, () -> isOver));
    }
    watchers.execute(schedulingDelay);
    watchers.scheduleWithFixedDelay(auditor::check, 1, 1, TimeUnit.SECONDS);
    watchers.scheduleWithFixedDelay(() -> demand.sample(cluster.ledger().now()), 200, 200, TimeUnit.MILLISECONDS);
    watchers.scheduleWithFixedDelay(this::sampleMemory, 20, 20, TimeUnit.SECONDS);
  }

  private void sampleMemory() {
    try {
      if (context.sparesFirstNode()) {
        memory.sample(cluster.nodes().get(0));
      }
    } catch (InterruptedException interrupted) {
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

  private TrialReport check(List<FaultEvent> faults) throws InterruptedException {
    watchers.shutdownNow();
    auditor.check();
    Evidence evidence = new Evidence(history, cluster.ledger().runs(), new FinalAudit(cluster.nodes())
      .ask(history.acknowledged()),
      faults, auditor.sum(), schedulingDelay.ofAChain(), audit::owner);
    List<Invariant.Finding> findings = new ArrayList<>(Invariants.check(evidence));
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
    cluster.close();
    done(vertx.close());
  }
}
