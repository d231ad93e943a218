package io.anteroom.edge.http;

import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Those whom this event loop keeps waiting, so that they hear at once when the node stops and may come back to another.
 *
 * <p>Used on that event loop only.
 */
public final class GracefulShutdown {
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private boolean begun;

  /**
   * Has somebody told when the node stops, unless he has gone before.
   *
   * @param word called once at most; at once when the node is stopping already
   * @param gone done when he waits no longer
   */
  public void tell(Runnable word, Future<?> gone) {
    if (begun) {
      word.run();
      return;
    }
    waiting.add(word);
    gone.onComplete(left -> waiting.remove(word));
  }

  /** An answer that is held back, or what can be said {@code atOnce} when the node stops meanwhile. */
  public <T> Future<T> cutShort(Future<T> held, Supplier<Future<T>> atOnce) {
    return Future.future(first -> {
      held.onComplete(first::tryComplete, first::tryFail);
      tell(() -> atOnce.get().onComplete(first::tryComplete, first::tryFail), held);
    });
  }

  /** The node stops. */
  public void begin() {
    begun = true;
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(Runnable::run);
  }
}
