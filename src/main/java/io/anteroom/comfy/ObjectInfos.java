package io.anteroom.comfy;

import io.anteroom.config.Instance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The node classes of all instances as a node knows them: all verticles that judge workflows there share what is known
 * and what is being asked. Instances that answer the same share one copy.
 */
public final class ObjectInfos {
  /** An instance that did not answer is left alone for so long: nobody else shall wait for it meanwhile. */
  private static final Duration PAUSE = Duration.ofSeconds(5);
  /** What is older is asked for again before anything is judged by it. */
  private static final Duration AGE = Duration.ofSeconds(10);
  /** Answers that may be in memory at once before they are read, each up to {@link ObjectInfoClient#MOST}. */
  private static final int AT_ONCE = 8;

  /** One's own: what a verticle opens is closed with it. */
  private final ObjectInfoClient client;
  private final Shared shared;

  /** For the verticle that runs now, with a client that is as patient as those who wait. */
  public ObjectInfos(Vertx vertx, ObjectInfoClient client) {
    this.client = client;
    this.shared = Shared.of(vertx);
  }

  /**
   * What all verticles of a node have in common.
   *
   * @param silent when an instance did not answer, by {@link System#nanoTime}
   */
  private record Shared(
      Collapse<InstanceNodes> questions, ObjectInfoShelf shelf, Semaphore places, Map<String, Long> silent)
      implements Shareable {
    static Shared of(Vertx vertx) {
      LocalMap<String, Shared> node = vertx.sharedData().getLocalMap("anteroom.object-info");
      return node.computeIfAbsent("shared", first -> new Shared(new Collapse<>(vertx, Duration.ofMillis(1)),
        new ObjectInfoShelf(), new Semaphore(AT_ONCE), new ConcurrentHashMap<>()));
    }
  }

  /** What was known a moment ago, or else what the instance says now. */
  public Future<InstanceNodes> recent(Instance instance) {
    Long silence = shared.silent().get(key(instance));
    if (silence != null && System.nanoTime() - silence < PAUSE.toNanos()) {
      return Future.failedFuture(new ComfyException("it did not say what nodes it has a moment ago"));
    }
    return shared.shelf().find(key(instance))
      .filter(known -> System.nanoTime() - known.began() < AGE.toNanos())
      .map(Future::succeededFuture)
      .orElseGet(() -> fresh(instance));
  }

  /** What the instance says to a question that was sent after this call. */
  public Future<InstanceNodes> fresh(Instance instance) {
    return shared.questions().ask(key(instance), () -> shared.places().tryAcquire()
      ? fetch(instance).onComplete(done -> shared.places().release())
      : Future.failedFuture(new ComfyException("too many instances are asked for their nodes at once")));
  }

  /** Whether the instance certainly does not have this class. */
  public Future<Boolean> lacks(Instance instance, String className) {
    return client.lacks(instance, className);
  }

  private Future<InstanceNodes> fetch(Instance instance) {
    long began = System.nanoTime();
    Future<Optional<Release>> release = client.release(instance).otherwise(Optional.empty());
    return client.text(instance)
      .compose(text -> release.map(known -> shared.shelf().put(key(instance), text, known, began)))
      .onSuccess(nodes -> shared.silent().remove(key(instance)))
      .onFailure(failure -> shared.silent().put(key(instance), System.nanoTime()));
  }

  private static String key(Instance instance) {
    return instance.name() + " " + instance.url();
  }
}
