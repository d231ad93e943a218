package io.anteroom.async;

import io.vertx.core.Context;
import io.vertx.core.Future;

/** Hops from the context that completes a future to the one that waits for it. */
public final class Contexts {
  private Contexts() {
  }

  /** The same outcome, whose listeners run on this context whichever thread brings it. */
  public static <T> Future<T> onto(Context context, Future<T> outcome) {
    return Future.future(here -> outcome.onComplete((result, failure) ->
      context.runOnContext(now -> here.complete(result, failure))));
  }
}
