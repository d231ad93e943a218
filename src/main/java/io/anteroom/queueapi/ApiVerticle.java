package io.anteroom.queueapi;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.InstanceEvent;
import io.anteroom.bus.QueueServices;
import io.anteroom.bus.QueueServices.BlockOf;
import io.anteroom.bus.QueueServices.Upload;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.comfy.objectinfo.ObjectInfos;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.Trust;
import io.anteroom.directory.Directory;
import io.anteroom.metrics.Tally;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.Submissions.Intake;
import io.anteroom.queueapi.validation.EarlyWord;
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
public final class ApiVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ApiVerticle.class);

  /** How often to look whether the store has come back with what it had acknowledged. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final TaskQueue queue;
  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final Timeouts patience;
  private final Optional<String> guardSecret;
  private final Tally tally;
  private List<Bus.Answering> answering = List.of();

  public ApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Settings.Instances instances,
      Tally tally) {
    this(queue, directory, bodyLimit, Timeouts.ofPages(instances), instances.guardSecret(), tally);
  }

  /** One that holds answers back for so long. */
  public ApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Timeouts patience, Tally tally) {
    this(queue, directory, bodyLimit, patience, Optional.empty(), tally);
  }

  private ApiVerticle(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Timeouts patience,
      Optional<String> guardSecret, Tally tally) {
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
    ObjectInfos infos = new ObjectInfos(vertx, client);
    EarlyWord early = new EarlyWord(infos, patience.word());
    Acknowledged acknowledged = new Acknowledged(queue, bus, tally, Acknowledged.MOST);
    Submissions submissions =
      new Submissions(queue, new Intake(directory, bodyLimit, early, upload -> blocks(bus, upload)), bus, tally,
        patience.start(),
        delay -> Future.future(over -> vertx.setTimer(Math.max(1, delay.toMillis()), timer -> over.complete())));
    Cancellations cancellations = new Cancellations(queue, bus, tally);
    Workflows workflows = new Workflows(queue);
    vertx.setPeriodic(LOOK.toMillis(), tick -> acknowledged.look().onFailure(failure ->
      log.debug("Could not look whether the store has come back, next try soon: cause={}", failure.getMessage())));
    answering = List.of(
      bus.serve(QueueServices.SUBMIT, submit -> submissions.submit(submit)
        .onSuccess(stored -> acknowledged.note(stored.task().id(), stored.task().user()))),
      bus.serve(QueueServices.CANCEL, cancellations::cancel),
      bus.serve(QueueServices.WITHDRAW, cancellations::withdraw),
      bus.serve(QueueServices.FORGET, asked -> queue.forget(asked.user(), asked.ids())
        .onSuccess(done -> acknowledged.forget(asked.ids()))),
      bus.serve(QueueServices.WORKFLOWS, workflows::show),
      bus.serve(QueueServices.LEARN, name -> directory.get().instance(name).map(infos::read)
        .orElse(Future.succeededFuture())),
      bus.hear(Events.INSTANCE, event -> learn(infos, event)));
    infos.learnMissing(directory.get().instances());
    return Future.succeededFuture();
  }

  private static Blocks blocks(Bus bus, Upload upload) {
    return index -> bus.ask(QueueServices.block(upload.owner()), new BlockOf(upload.id(), index));
  }

  /** An instance that came back may have other nodes now. */
  private void learn(ObjectInfos infos, InstanceEvent event) {
    if (event.answers()) {
      directory.get().instance(event.instance()).ifPresent(instance -> infos.learn(instance).onFailure(failure ->
        log.debug("An instance does not say what nodes it has: instance={} cause={}", instance.name(),
          failure.getMessage())));
    }
  }

  @Override
  public Future<?> stop() {
    return Future.join(answering.stream().map(Bus.Answering::end).toList());
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
  public record Timeouts(Duration connect, Trust trust, Duration instance, Duration word, Duration start) {

    /** Of instances whose authority Java knows. */
    public Timeouts(Duration connect, Duration instance, Duration word, Duration start) {
      this(connect, Trust.USUAL, instance, word, start);
    }

    /** What a page bears. */
    static Timeouts ofPages(Settings.Instances instances) {
      return new Timeouts(instances.connectTimeout(), instances.trust(), Duration.ofSeconds(30), Duration.ofSeconds(1),
        Duration.ofSeconds(4));
    }
  }
}
