package io.anteroom.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.trial.checker.TrialReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every invariant holds under a nemesis: nothing is lost, nothing runs twice, and the limit holds, whatever dies. */
@Tag("alone")
class TrialIT {
  @Test
  void everyPromiseIsKeptWhateverDies() throws InterruptedException {
    TrialSettings settings = TrialSettings.given();
    System.out.println("A trial begins: " + settings);
    try (Trial trial = new Trial(settings)) {
      TrialReport report = trial.run();

      System.out.println(report.text());
      assertThat(report.isKept()).as(report.text()).isTrue();
    }
  }
}
