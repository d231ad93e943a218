package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.session.CloseReason.PendingCloses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingClosesTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final PendingCloses partings = new PendingCloses();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void aPlaceIsFreeOnlyWhenItsOldSocketIsClosed() {
    Promise<Void> closed = Promise.promise();
    partings.begin("gpu-01/ws?clientId=1", closed.future());

    Future<Void> free = partings.done("gpu-01/ws?clientId=1", context);

    assertThat(free.isComplete()).isFalse();
    assertThat(partings.done("gpu-01/ws?clientId=2", context).isComplete()).isTrue();
    closed.complete();
    done(free);
  }

  @Test
  void aSocketThatCouldNotBeClosedWellFreesItsPlaceToo() {
    Promise<Void> closed = Promise.promise();
    partings.begin("gpu-01/ws", closed.future());
    Future<Void> free = partings.done("gpu-01/ws", context);

    closed.fail("reset");

    done(free);
    assertThat(partings.done("gpu-01/ws", context).isComplete()).isTrue();
  }
}
