package io.anteroom.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialTaskTest {
  private final List<Promise<Void>> asked = new ArrayList<>();
  private final SerialTask task = new SerialTask(() -> {
    Promise<Void> answer = Promise.promise();
    asked.add(answer);
    return answer.future();
  });

  /** The answer that is awaited may be older than what they have seen. */
  @Test
  void requestsDuringARunAreCoalescedIntoOneRerun() {
    task.run();
    task.run();
    task.run();
    assertThat(asked).hasSize(1);

    asked.get(0).complete();
    assertThat(asked).hasSize(2);

    asked.get(1).fail("the store is away");
    assertThat(asked).hasSize(2);
    task.run();
    assertThat(asked).hasSize(3);
  }

  @Test
  void aRequestDuringARunIsDoneWithTheRerunAndNotBefore() {
    Future<Void> first = task.run();
    Future<Void> second = task.run();
    Future<Void> third = task.run();

    asked.get(0).complete();
    assertThat(first.succeeded()).isTrue();
    assertThat(second.isComplete()).isFalse();

    asked.get(1).fail("the store is away");
    assertThat(second.cause()).hasMessage("the store is away");
    assertThat(third.cause()).hasMessage("the store is away");
  }

  @Test
  void aRunThatFailsDoesNotKeepTheRerunFromRunning() {
    Future<Void> first = task.run();
    Future<Void> second = task.run();

    asked.get(0).fail("the store is away");
    asked.get(1).complete();

    assertThat(first.failed()).isTrue();
    assertThat(second.succeeded()).isTrue();
  }

  @Test
  void aTickDuringARunIsLeftOut() {
    task.run();
    assertThat(task.runUnlessRunning().succeeded()).isTrue();
    asked.get(0).complete();
    assertThat(asked).hasSize(1);

    task.runUnlessRunning();
    assertThat(asked).hasSize(2);
  }

  @Test
  void aTaskThatRequestsItselfIsRunAgainAfterwards() {
    List<SerialTask> self = new ArrayList<>();
    List<Integer> runs = new ArrayList<>();
    self.add(new SerialTask(() -> {
      runs.add(runs.size());
      return runs.size() < 3 ? requested(self.get(0)) : Future.succeededFuture();
    }));

    self.get(0).run();

    assertThat(runs).containsExactly(0, 1, 2);
  }

  /** Else each would wait for the other. */
  @Test
  void aTaskMayWaitForItsOwnRequest() {
    List<SerialTask> self = new ArrayList<>();
    List<Integer> runs = new ArrayList<>();
    self.add(new SerialTask(() -> {
      runs.add(runs.size());
      return runs.size() < 3 ? self.get(0).request() : Future.succeededFuture();
    }));

    assertThat(self.get(0).run().succeeded()).isTrue();

    assertThat(runs).containsExactly(0, 1, 2);
  }

  private static Future<Void> requested(SerialTask task) {
    task.run();
    return Future.succeededFuture();
  }
}
