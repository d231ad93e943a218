package io.anteroom.status;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Brings what the store answers, on whatever thread, back to the event loop on which the verticle keeps its state. */
final class HomeLoop {
  private final Context context;

  HomeLoop(Vertx vertx) {
    context = vertx.getOrCreateContext();
  }

  <T> Future<T> bring(Future<T> answer) {
    return Future.future(home -> answer.onComplete((result, failure) ->
      context.runOnContext(now -> home.complete(result, failure))));
  }
}
