package io.anteroom.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialTaskTest {
  private final List<Promise<Void>> asked = new ArrayList<>();
  private final SerialTask task = new SerialTask(null, () -> {
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
}
