package io.anteroom.edge.http;

import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Ends long waits when the node stops (graceful shutdown), so that clients can go on at another node at once.
 *
 * <p>Used on one event loop only.
 */
public final class GracefulShutdown {
  private final Set<Runnable> actions = new LinkedHashSet<>();
  private boolean begun;

  /**
   * Registers an action for when the node stops.
   *
   * @param action called once at most; at once when the node is stopping already
   * @param gone   done when the client waits no longer, and the action is dropped
   */
  public void onShutdown(Runnable action, Future<?> gone) {
    if (begun) {
      action.run();
      return;
    }
    actions.add(action);
    gone.onComplete(left -> actions.remove(action));
  }

  /** The held-back response, or {@code atOnce} when the node stops meanwhile. */
  public <T> Future<T> cutShort(Future<T> held, Supplier<Future<T>> atOnce) {
    return Future.future(first -> {
      held.onComplete(first::tryComplete, first::tryFail);
      onShutdown(() -> atOnce.get().onComplete(first::tryComplete, first::tryFail), held);
    });
  }

  /** Runs all registered actions: the node stops. */
  public void begin() {
    begun = true;
    List<Runnable> all = List.copyOf(actions);
    actions.clear();
    all.forEach(Runnable::run);
  }
}
