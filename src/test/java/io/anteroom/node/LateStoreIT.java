package io.anteroom.node;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lab that comes back from a power cut: its nodes are there before its Redis is. */
class LateStoreIT {
  private final TestCluster lab = TestCluster.of(1);

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aNodeThatIsEarlierThanItsStoreWaitsForIt() {
    lab.redis().down();
    Path log = NodeProcess.log("node-1");
    long before = lines(log);
    NodeProcess node = lab.node();
    until(() -> lines(log) > before);

    lab.redis().up();

    assertThat(new Student("s1").run(node.awaitReady(), Workflows.lasting(0.1)).status()).isEqualTo(200);
  }

  /** How often a node has said that it waits. */
  private static long lines(Path log) {
    try {
      return Files.exists(log)
        ? Files.readAllLines(log).stream().filter(line -> line.contains("does not answer yet")).count() : 0;
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
