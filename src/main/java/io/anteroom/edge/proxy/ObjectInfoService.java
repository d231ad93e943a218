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

/** Fetches all node classes of an instance once for all waiting browsers of this node (request coalescing). */
public final class ObjectInfoService {
  /** A whole school class opens its pages within about this time. */
  private static final Duration COALESCING_WINDOW = Duration.ofMillis(100);
  /** The fraction of the heap for responses in progress. */
  private static final int HEAP_FRACTION = 8;

  /** Not shared: what a verticle opens is closed with it. */
  private final ObjectInfoClient client;
  private final Shared shared;
  private final Vertx vertx;
  private final Bus bus;

  /** For the verticle that is running. */
  public ObjectInfoService(Vertx vertx, Settings.Instances settings) {
    this.vertx = vertx;
    this.bus = new Bus(vertx);
    client = new ObjectInfoClient(vertx, settings.connectTimeout(), settings.trust(), settings.idleTimeout());
    shared = Shared.of(vertx);
  }

  /** Shared by all edge verticles of a node. */
  private record Shared(RequestCoalescer<Packed> requests, GzipCache gzip, Semaphore permits) implements Shareable {
    static Shared of(Vertx vertx) {
      LocalMap<String, Shared> node = vertx.sharedData().getLocalMap("anteroom.edge.object-info");
      long permits = Runtime.getRuntime().maxMemory() / HEAP_FRACTION / ObjectInfoClient.MAX_BYTES;
      return node.computeIfAbsent("shared", first -> new Shared(
        new RequestCoalescer<>(vertx, COALESCING_WINDOW), new GzipCache(vertx),
        new Semaphore((int) Math.max(1, permits))));
    }
  }

  /** The list from a request that is sent after this call; fails when it does not fit into memory. */
  Future<Packed> fetch(Instance instance) {
    return shared.requests().ask(instance.name() + " " + instance.url(), () -> shared.permits().tryAcquire()
      ? pack(instance).onComplete(done -> shared.permits().release())
      : Future.failedFuture(new ComfyException("too many responses are in progress")));
  }

  private Future<Packed> pack(Instance instance) {
    Account account = ResponseBudget.of(vertx).open("instance " + instance.name());
    return text(instance, account).compose(shared.gzip()::pack).onComplete(done -> account.close());
  }

  /** The whole list, which this node also uses for validating workflows. */
  private Future<Buffer> text(Instance instance, Account account) {
    long began = System.nanoTime();
    return client.text(instance, account).onSuccess(text -> {
      ObjectInfoCache.offer(vertx, instance, text, began);
      bus.requestIfPresent(SubmissionServices.LEARN, instance.name());
    });
  }
}
