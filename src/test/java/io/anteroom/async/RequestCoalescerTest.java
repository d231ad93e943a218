package io.anteroom.async;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestCoalescerTest {
  private final Vertx vertx = Vertx.vertx();
  private final RequestCoalescer<Integer> collapse = new RequestCoalescer<>(vertx, Duration.ofMillis(20));
  private final AtomicInteger asked = new AtomicInteger();
  /** For each who was answered, whether that happened where he asked. */
  private final Queue<Boolean> own = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void whoeverWaitsAtTheSameMomentSharesAnAnswer() {
    Promise<Void> gathered = Promise.promise();
    RequestCoalescer<Integer> patient = new RequestCoalescer<>(vertx, gathered::future);

    List<Future<Integer>> answers = IntStream.range(0, 10).mapToObj(i -> patient.ask("a", this::count)).toList();
    gathered.complete();

    assertThat(answers).allSatisfy(answer -> assertThat(done(answer)).isEqualTo(1));
    assertThat(done(patient.ask("a", this::count))).isEqualTo(2);
  }

  @Test
  void differentQuestionsAreAskedApart() {
    Future<Integer> one = collapse.ask("a", this::count);
    Future<Integer> other = collapse.ask("b", this::count);

    assertThat(List.of(done(one), done(other))).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void whoComesLaterWaitsForTheNextAnswerAndOnlyOneIsUnderWay() {
    Promise<Integer> first = Promise.promise();
    Future<Integer> early = collapse.ask("a", () -> {
      asked.incrementAndGet();
      return first.future();
    });
    until(() -> asked.get() == 1);

    Future<Integer> late = collapse.ask("a", this::count);
    assertThat(asked).hasValue(1);
    first.complete(0);

    assertThat(done(early)).isZero();
    assertThat(done(late)).isEqualTo(2);
  }

  /** On a worker a timer may be through before anybody listens to it. */
  @Test
  void nobodyJoinsWhatHasDepartedAlready() {
    RequestCoalescer<Integer> hasty = new RequestCoalescer<>(vertx, Future::succeededFuture);

    assertThat(done(hasty.ask("a", this::count))).isEqualTo(1);
    assertThat(done(hasty.ask("a", this::count))).isEqualTo(2);
  }

  @Test
  void aFailureIsForThoseWhoWaitedForItAlone() {
    Future<Integer> failed = collapse.ask("a", () -> {
      throw new ComfyException("strange");
    });
    until(failed::isComplete);

    assertThat(failed.cause()).hasMessage("strange");
    assertThat(done(collapse.ask("a", this::count))).isEqualTo(1);
  }

  @Test
  void whatIsInFlightIsSharedByThoseWhoJoinAndEndsWithItsResponse() {
    RequestCoalescer<Integer> flights = new RequestCoalescer<>(vertx);
    Promise<Integer> first = Promise.promise();

    Future<Integer> early = flights.join("a", first::future);
    Future<Integer> late = flights.join("a", this::count);
    assertThat(asked).hasValue(0);
    first.complete(7);

    assertThat(List.of(done(early), done(late))).containsExactly(7, 7);
    assertThat(done(flights.join("a", this::count))).isEqualTo(1);
  }

  @Test
  void everyoneIsAnsweredOnHisOwnContext() {
    done(vertx.deployVerticle(Caller::new, new DeploymentOptions().setInstances(4)));

    assertThat(own).hasSize(4).containsOnly(true);
  }

  private final class Caller extends VerticleBase {
    @Override
    public Future<?> start() {
      return collapse.ask("a", RequestCoalescerTest.this::count)
        .onSuccess(answer -> own.add(Vertx.currentContext() == context));
    }
  }

  private Future<Integer> count() {
    return Future.succeededFuture(asked.incrementAndGet());
  }
}
