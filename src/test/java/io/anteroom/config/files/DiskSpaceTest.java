package io.anteroom.config.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.LogLines;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  @TempDir
  private Path folder;

  /** Whether or not the folder is there already. */
  @Test
  void aDiskThatFillsIsToldOnce() {
    DiskSpace low = new DiskSpace(folder.resolve("not/yet"), Long.MAX_VALUE);
    try (LogLines log = new LogLines(DiskSpace.class)) {
      low.logChange();
      low.logChange();

      assertThat(log.all()).singleElement().asString().contains("Disk space is low", "data.min_free");
    }
    assertThat(low.shortage()).get().asString().contains("not/yet", "MB free");
  }

  @Test
  void enoughIsNotSpokenOf() {
    DiskSpace wide = new DiskSpace(folder, 0);
    try (LogLines log = new LogLines(DiskSpace.class)) {
      wide.logChange();

      assertThat(log.all()).isEmpty();
    }
    assertThat(wide.shortage()).isEmpty();
  }
}
