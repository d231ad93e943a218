package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 5: an instance answers 200 with node_errors when it runs a part of a workflow; the task runs then. */
class PartlyGoodIT {
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void aWorkflowThatIsPartlyGoodRunsOnceAndIsCompleted(ComfyVersion version) {
    try (DispatchFixture fixture = DispatchFixture.start()) {
      fixture.limit(1).instances(1, version);
      JsonObject withoutItsImages = JsonObject.of("class_type", "SaveImage", "inputs", new JsonObject());

      TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2).put("4", withoutItsImages));

      await().atMost(Duration.ofSeconds(60)).until(() -> fixture.status(task).state().isFinal());
      assertThat(fixture.status(task).state()).isEqualTo(TaskState.COMPLETED);
      assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
    }
  }
}
