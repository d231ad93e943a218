package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.comfy.InstanceProbe.NotComfyUi.What;
import io.anteroom.comfy.PostResult;
import io.anteroom.config.ConfigLoader;
import io.anteroom.queue.Claim;
import io.anteroom.support.MovableTicker;
import io.anteroom.task.TaskId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fault of an instance that a failed connection shows. */
class FaultDetectorTest {
  @ParameterizedTest
  @CsvSource({"SILENT, '', silent|gpu|||", "UNTRUSTED, '', untrusted|gpu|||", "FOREIGN, no TLS, foreign|gpu|||no TLS"})
  void theFaultNamesWhatAnswersAtTheAddressOfTheInstance(What what, String shown, String outage) {
    FaultDetector faults =
      new FaultDetector(ConfigLoader.load(Optional.empty(), Map.of()).settings().task(), Duration.ofMinutes(30),
        new MovableTicker());
    Claim claim = new Claim(TaskId.random(), "alice", "gpu", "", 1, 1, 0, Claim.Stage.CLAIMED, "",
      Claim.Stored.NOTHING, 0, false, false);

    faults.onPostResult(claim, new PostResult.Unreachable("no connection", new NotComfyUi(what, shown)));

    assertThat(faults.fault().orElseThrow().reason()).isEqualTo(outage);
  }
}
