package io.anteroom.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ExitCode;

/** A node whose Redis was written by a newer Anteroom. */
class NewerDataIT {
  @Test
  void itDoesNotStartAndSaysWhy() throws Exception {
    String format = UUID.randomUUID().toString();
    try (TestCluster lab = TestCluster.of(1)) {
      lab.redis().ask("HSET", "{anteroom}:limits", "format", format);

      NodeProcess node = lab.node();

      assertThat(node.exitCode()).isEqualTo(ExitCode.SOFTWARE);
      assertThat(node.lastWords())
        .contains("Anteroom could not start: The data in Redis have format " + format + ", this Anteroom knows");
    }
  }
}
