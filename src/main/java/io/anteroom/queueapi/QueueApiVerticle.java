package io.anteroom.queueapi;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.InstanceEvent;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.BlockOf;
import io.anteroom.bus.SubmissionServices.Upload;
import io.anteroom.comfy.objectinfo.ObjectInfoCache;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Directory;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.SubmitHandler.Intake;
import io.anteroom.queueapi.request.RequestBlocks;
import io.anteroom.queueapi.validation.EarlyValidation;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits, cancels and lists tasks.
 *
 * <p>Must be deployed as a worker: bodies of 100 MB are parsed here, one at a time, off the event loops.
 */
public final class QueueApiVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(QueueApiVerticle.class);

  /** How often to check that the store still has what it acknowledged. */
  private static final Duration STORE_POLL = Duration.ofSeconds(1);

  private final TaskQueue queue;
  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final Timeouts timeouts;
  private final Optional<String> guardSecret;
  private final MetricsRegistry metrics;
  private List<Bus.Registration> registrations = List.of();

  public QueueApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Settings.Instances instances,
      MetricsRegistry metrics) {
    this(queue, directory, bodyLimit, Timeouts.ofPages(instances), instances.guardSecret(), metrics);
  }

  /** With these timeouts. */
  public QueueApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Timeouts timeouts,
      MetricsRegistry metrics) {
    this(queue, directory, bodyLimit, timeouts, Optional.empty(), metrics);
  }

  private QueueApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Timeouts timeouts,
      Optional<String> guardSecret, MetricsRegistry metrics) {
    this.queue = queue;
    this.directory = directory;
    this.bodyLimit = bodyLimit;
    this.timeouts = timeouts;
    this.guardSecret = guardSecret;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    Bus bus = new Bus(vertx);
    ObjectInfoClient client = new ObjectInfoClient(vertx, timeouts.connect(), timeouts.trust(), timeouts.instance(),
      guardSecret);
    ObjectInfoCache infos = new ObjectInfoCache(vertx, client);
    EarlyValidation early = new EarlyValidation(infos, timeouts.word());
    LostTaskDetector lostTasks = new LostTaskDetector(queue, bus, metrics, LostTaskDetector.MAX_TASKS);
    SubmitHandler submissions =
      new SubmitHandler(queue, new Intake(directory, bodyLimit, early, upload -> blocks(bus, upload)), bus, metrics,
        timeouts.start(),
        delay -> Future.future(over -> vertx.setTimer(Math.max(1, delay.toMillis()), timer -> over.complete())));
    CancelHandler cancellations = new CancelHandler(queue, bus, metrics);
    WorkflowHandler workflows = new WorkflowHandler(queue);
    vertx.setPeriodic(STORE_POLL.toMillis(), tick -> lostTasks.poll().onFailure(failure ->
      log.debug("Could not check the store for lost tasks, retrying soon: cause={}", failure.getMessage())));
    registrations = List.of(
      bus.serve(SubmissionServices.SUBMIT, submit -> submissions.submit(submit)
        .onSuccess(stored -> lostTasks.add(stored.task().id(), stored.task().user()))),
      bus.serve(SubmissionServices.CANCEL, cancellations::cancel),
      bus.serve(SubmissionServices.WITHDRAW, cancellations::withdraw),
      bus.serve(SubmissionServices.FORGET, asked -> queue.forget(asked.user(), asked.ids())
        .onSuccess(done -> lostTasks.forget(asked.ids()))),
      bus.serve(SubmissionServices.WORKFLOWS, workflows::show),
      bus.serve(SubmissionServices.LEARN, name -> directory.get().instance(name).map(infos::read)
        .orElse(Future.succeededFuture())),
      bus.subscribe(Events.INSTANCE, event -> learn(infos, event)));
    infos.learnMissing(directory.get().instances());
    return Future.succeededFuture();
  }

  private static RequestBlocks blocks(Bus bus, Upload upload) {
    return index -> bus.request(SubmissionServices.block(upload.owner()), new BlockOf(upload.id(), index));
  }

  /** An instance that came back may have other node classes now. */
  private void learn(ObjectInfoCache infos, InstanceEvent event) {
    if (event.answers()) {
      directory.get().instance(event.instance()).ifPresent(instance -> infos.learn(instance).onFailure(failure ->
        log.debug("Could not read the node classes of an instance: instance={} cause={}", instance.name(),
          failure.getMessage())));
    }
  }

  @Override
  public Future<?> stop() {
    return Future.join(registrations.stream().map(Bus.Registration::unregister).toList());
  }

  /**
   * Timeouts for what a submit waits for to give a better answer, while the page waits for that answer.
   *
   * @param connect  for connecting to an instance
   * @param trust    for instances with {@code https://}
   * @param instance for reading the node classes of an instance, in the background
   * @param word     for an instance to confirm an objection; otherwise it is reported at dispatch
   * @param start    for a free instance to accept or refuse the run
   */
  public record Timeouts(Duration connect, TlsTrust trust, Duration instance, Duration word, Duration start) {

    /** For instances with a certificate authority that Java trusts. */
    public Timeouts(Duration connect, Duration instance, Duration word, Duration start) {
      this(connect, TlsTrust.USUAL, instance, word, start);
    }

    /** Timeouts that a page tolerates. */
    static Timeouts ofPages(Settings.Instances instances) {
      return new Timeouts(instances.connectTimeout(), instances.trust(), Duration.ofSeconds(30), Duration.ofSeconds(1),
        Duration.ofSeconds(4));
    }
  }
}
