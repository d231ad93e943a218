package io.anteroom.edge.proxy;

import io.anteroom.async.RequestCoalescer;
import io.anteroom.bus.Bus;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.comfy.json.ResponseBudget.Account;
import io.anteroom.comfy.objectinfo.ObjectInfoCache;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.edge.proxy.GzipCache.Packed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Asks instances for all their node classes on behalf of every browser of this node that waits for them. */
public final class ObjectInfoService {
  /** A class that opens its pages at one word does so within this. */
  private static final Duration GATHERING = Duration.ofMillis(100);
  /** How much of the heap may hold answers on their way. */
  private static final int SHARE_OF_THE_HEAP = 8;

  /** One's own: what a verticle opens is closed with it. */
  private final ObjectInfoClient client;
  private final Shared shared;
  private final Vertx vertx;
  private final Bus bus;

  /** For the verticle that runs now. */
  public ObjectInfoService(Vertx vertx, Settings.Instances settings) {
    this.vertx = vertx;
    this.bus = new Bus(vertx);
    client = new ObjectInfoClient(vertx, settings.connectTimeout(), settings.trust(), settings.idleTimeout());
    shared = Shared.of(vertx);
  }

  /** What all edge verticles of a node have in common. */
  private record Shared(RequestCoalescer<Packed> questions, GzipCache packer, Semaphore places) implements Shareable {
    static Shared of(Vertx vertx) {
      LocalMap<String, Shared> node = vertx.sharedData().getLocalMap("anteroom.edge.object-info");
      long places = Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP / ObjectInfoClient.MAX_BYTES;
      return node.computeIfAbsent("shared", first -> new Shared(
        new RequestCoalescer<>(vertx, GATHERING), new GzipCache(vertx), new Semaphore((int) Math.max(1, places))));
    }
  }

  /** What the instance says to a question that was sent after this call; fails when it cannot be held in memory. */
  Future<Packed> ask(Instance instance) {
    return shared.questions().ask(instance.name() + " " + instance.url(), () -> shared.places().tryAcquire()
      ? pack(instance).onComplete(done -> shared.places().release())
      : Future.failedFuture(new ComfyException("too many answers are on their way")));
  }

  private Future<Packed> pack(Instance instance) {
    Account account = ResponseBudget.of(vertx).open("instance " + instance.name());
    return text(instance, account).compose(shared.packer()::pack).onComplete(done -> account.close());
  }

  /** The whole list, from which this node also learns what workflows are judged by. */
  private Future<Buffer> text(Instance instance, Account account) {
    long began = System.nanoTime();
    return client.text(instance, account).onSuccess(text -> {
      ObjectInfoCache.offer(vertx, instance, text, began);
      bus.requestIfPresent(SubmissionServices.LEARN, instance.name());
    });
  }
}
