package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A verticle that asks the queue may touch its own state when the answer comes. */
class CallersContextIT {
  private static final int CALLERS = 8;

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();

  /** Where a call was made, and where its answer came. */
  private record Told(Context asked, Context answered) {
    boolean isHome() {
      return asked.equals(answered);
    }
  }

  @Test
  void everyVerticleIsAnsweredOnItsOwnContext() {
    try (TestRedis redis = TestRedis.start()) {
      RedisTaskQueue queue = redis.queue(vertx);

      done(vertx.deployVerticle(() -> new Caller(queue), new DeploymentOptions().setInstances(CALLERS)));

      assertThat(told).hasSize(2 * CALLERS).allMatch(Told::isHome);
      done(queue.close());
    } finally {
      done(vertx.close());
    }
  }

  /** Asks, and asks again when it is answered: the first time there is no connection yet. */
  private final class Caller extends VerticleBase {
    private final RedisTaskQueue queue;

    Caller(RedisTaskQueue queue) {
      this.queue = queue;
    }

    @Override
    public Future<?> start() {
      return asked().compose(first -> asked());
    }

    private Future<?> asked() {
      return queue.stats().onComplete(answer -> told.add(new Told(context, Vertx.currentContext())));
    }
  }
}
