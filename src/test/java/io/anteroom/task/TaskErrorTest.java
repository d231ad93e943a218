package io.anteroom.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskErrorTest {
  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "instance_gave_up; It was not run: gpu is out, for longer than a task waits for it (instance.give_up). Run it again"
      + " when the instance is back, or ask for another instance.",
    "refused_by_instance; The instance answers this workflow with an error each time, while it runs others: gpu is out."
      + " Nothing of it was run.",
    "lost; What became of the run is unknown: gpu is out, for longer than a task waits for it (instance.give_up).",
    "another_type; gpu is out"})
  void anErrorThatAnOutageCausedNamesTheOutage(String type, String message) {
    assertThat(TaskError.messageOf(type, "gpu is out")).isEqualTo(message);
  }
}
