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
 * Takes workflows into the queue and out of it.
 *
 * <p>To be deployed as a worker: bodies of 100 MB are read here, one at a time, where they keep nobody else waiting.
 */
public final class QueueApiVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(QueueApiVerticle.class);

  /** How often to look whether the store has come back with what it had acknowledged. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final TaskQueue queue;
  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final Timeouts patience;
  private final Optional<String> guardSecret;
  private final MetricsRegistry tally;
  private List<Bus.Registration> registrations = List.of();

  public QueueApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Settings.Instances instances,
      MetricsRegistry tally) {
    this(queue, directory, bodyLimit, Timeouts.ofPages(instances), instances.guardSecret(), tally);
  }

  /** One that holds answers back for so long. */
  public QueueApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Timeouts patience,
      MetricsRegistry tally) {
    this(queue, directory, bodyLimit, patience, Optional.empty(), tally);
  }

  private QueueApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Timeouts patience,
      Optional<String> guardSecret, MetricsRegistry tally) {
    this.queue = queue;
    this.directory = directory;
    this.bodyLimit = bodyLimit;
    this.patience = patience;
    this.guardSecret = guardSecret;
    this.tally = tally;
  }

  @Override
  public Future<?> start() {
    Bus bus = new Bus(vertx);
    ObjectInfoClient client = new ObjectInfoClient(vertx, patience.connect(), patience.trust(), patience.instance(),
      guardSecret);
    ObjectInfoCache infos = new ObjectInfoCache(vertx, client);
    EarlyValidation early = new EarlyValidation(infos, patience.word());
    LostTaskDetector acknowledged = new LostTaskDetector(queue, bus, tally, LostTaskDetector.MOST);
    SubmitHandler submissions =
      new SubmitHandler(queue, new Intake(directory, bodyLimit, early, upload -> blocks(bus, upload)), bus, tally,
        patience.start(),
        delay -> Future.future(over -> vertx.setTimer(Math.max(1, delay.toMillis()), timer -> over.complete())));
    CancelHandler cancellations = new CancelHandler(queue, bus, tally);
    WorkflowHandler workflows = new WorkflowHandler(queue);
    vertx.setPeriodic(LOOK.toMillis(), tick -> acknowledged.look().onFailure(failure ->
      log.debug("Could not look whether the store has come back, next try soon: cause={}", failure.getMessage())));
    registrations = List.of(
      bus.serve(SubmissionServices.SUBMIT, submit -> submissions.submit(submit)
        .onSuccess(stored -> acknowledged.note(stored.task().id(), stored.task().user()))),
      bus.serve(SubmissionServices.CANCEL, cancellations::cancel),
      bus.serve(SubmissionServices.WITHDRAW, cancellations::withdraw),
      bus.serve(SubmissionServices.FORGET, asked -> queue.forget(asked.user(), asked.ids())
        .onSuccess(done -> acknowledged.forget(asked.ids()))),
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

  /** An instance that came back may have other nodes now. */
  private void learn(ObjectInfoCache infos, InstanceEvent event) {
    if (event.answers()) {
      directory.get().instance(event.instance()).ifPresent(instance -> infos.learn(instance).onFailure(failure ->
        log.debug("An instance does not say what nodes it has: instance={} cause={}", instance.name(),
          failure.getMessage())));
    }
  }

  @Override
  public Future<?> stop() {
    return Future.join(registrations.stream().map(Bus.Registration::unregister).toList());
  }

  /**
   * How long a submit is held back for the sake of a better answer: the page waits meanwhile, and gives up in the end.
   *
   * @param connect  until an instance has taken a connection
   * @param trust    for instances with {@code https://}
   * @param instance until an instance has said which nodes it has; nobody waits for it
   * @param word     until an instance has confirmed what it objects to; later it says so when the turn has come
   * @param start    until an instance that is free has accepted or refused the run
   */
  public record Timeouts(Duration connect, TlsTrust trust, Duration instance, Duration word, Duration start) {

    /** Of instances whose authority Java knows. */
    public Timeouts(Duration connect, Duration instance, Duration word, Duration start) {
      this(connect, TlsTrust.USUAL, instance, word, start);
    }

    /** What a page bears. */
    static Timeouts ofPages(Settings.Instances instances) {
      return new Timeouts(instances.connectTimeout(), instances.trust(), Duration.ofSeconds(30), Duration.ofSeconds(1),
        Duration.ofSeconds(4));
    }
  }
}
