package io.anteroom.edge;

import io.anteroom.comfy.Collapse;
import io.anteroom.comfy.ComfyException;
import io.anteroom.comfy.ObjectInfoClient;
import io.anteroom.config.Instance;
import io.anteroom.config.Settings;
import io.anteroom.edge.Packer.Packed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Asks instances for all their node classes on behalf of every browser of this node that waits for them. */
final class ObjectInfoDesk implements Shareable {
  /** A class that opens its pages at one word does so within this. */
  private static final Duration GATHERING = Duration.ofMillis(100);
  /** How much of the heap may hold answers on their way. */
  private static final int SHARE_OF_THE_HEAP = 8;

  private final ObjectInfoClient client;
  private final Collapse<Packed> questions;
  private final Packer packer;
  private final Semaphore places = new Semaphore(
    (int) Math.max(1, Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP / ObjectInfoClient.MOST));

  private ObjectInfoDesk(Vertx vertx, Settings.Instances settings) {
    client = new ObjectInfoClient(vertx, settings.connectTimeout(), settings.idleTimeout());
    questions = new Collapse<>(vertx, GATHERING);
    packer = new Packer(vertx);
  }

  static ObjectInfoDesk of(Vertx vertx, Settings.Instances settings) {
    LocalMap<String, ObjectInfoDesk> shared = vertx.sharedData().getLocalMap("anteroom.edge.object-info");
    return shared.computeIfAbsent("desk", first -> new ObjectInfoDesk(vertx, settings));
  }

  /** What the instance says to a question that was sent after this call; fails when it cannot be held in memory. */
  Future<Packed> ask(Instance instance) {
    return questions.ask(instance.name() + " " + instance.url(), () -> places.tryAcquire()
      ? client.text(instance).compose(packer::pack).onComplete(done -> places.release())
      : Future.failedFuture(new ComfyException("too many answers are on their way")));
  }
}
