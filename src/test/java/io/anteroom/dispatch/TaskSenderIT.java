package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.bus.SessionServices;
import io.anteroom.bus.SessionServices.Attached;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Stopwatch;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A task is sent when the page of its student listens, and not held up by one that does not answer. */
class TaskSenderIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final DispatchFixture fixture = DispatchFixture.start();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void nothingIsSentBeforeTheStudentsPageListens() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    AtomicLong listens = new AtomicLong(Long.MAX_VALUE);
    new Bus(fixture.vertx()).serve(SessionServices.ATTACH, attach ->
      fixture.vertx().timer(400, TimeUnit.MILLISECONDS).map(late -> {
        listens.set(fixture.ledger().now());
        return new Attached(true);
      }));

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));

    await().atMost(TIMEOUT).until(() -> fixture.status(task).state() == TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value()).get(0).begin()).isGreaterThan(listens.get());
  }

  @Test
  void aPageThatDoesNotSayWhetherItListensHoldsARunUpForASecondAtMost() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    Promise<Stopwatch> asked = Promise.promise();
    new Bus(fixture.vertx()).serve(SessionServices.ATTACH, attach -> {
      asked.tryComplete(Stopwatch.start());
      return Future.future(never -> { });
    });

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));

    try (Stopwatch stopwatch = done(asked.future())) {
      await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10))
        .until(() -> fixture.ledger().hasStarted(task.value()));
      stopwatch.assertWithin(Duration.ofMillis(1_500));
    }
  }
}
