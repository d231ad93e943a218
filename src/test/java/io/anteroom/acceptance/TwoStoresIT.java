package io.anteroom.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.FreePorts;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.anteroom.support.redis.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes of one cluster, each with a Redis of its own: only one of them serves. */
class TwoStoresIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final Duration A_WHILE = Duration.ofSeconds(8);

  private final TestCluster lab = TestCluster.of(1);
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Student student = new Student("s1");

  /** In good order, so that their own Redis go with them. */
  @AfterEach
  void close() throws InterruptedException {
    for (NodeProcess node : nodes) {
      node.stop();
    }
    lab.close();
  }

  @Test
  void theLaterOneDoesNotServeUntilTheOtherHasLeft() throws InterruptedException, IOException {
    long before = refusals("store-2");
    NodeProcess first = nodeWithItsOwn("store-1").awaitReady();
    NodeProcess second = nodeWithItsOwn("store-2");
    await().atMost(TIMEOUT).ignoreExceptionsInstanceOf(AssertionError.class)
      .until(() -> health(second).status() == 503);

    assertThat(health(second).json().getJsonObject("checks").getJsonObject("cluster").getString("why"))
      .contains("the member store-1", "the embedded Redis of store-1", "set redis.url to the same Redis on every node");
    await().during(A_WHILE).atMost(TIMEOUT)
      .until(() -> health(second).status() == 503 && health(first).status() == 200);
    assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> student.get(second.url() + "/"));
    assertThat(student.run(first, Workflows.lasting(0.1)).status()).isEqualTo(200);
    assertThat(refusals("store-2")).isEqualTo(before + 1);

    first.stop();

    assertThat(student.run(second.awaitReady(), Workflows.lasting(0.1)).status()).isEqualTo(200);
  }

  private NodeProcess nodeWithItsOwn(String name) {
    NodeProcess node = lab.node(name, Map.of("ANTEROOM_REDIS_URL", "",
      "ANTEROOM_REDIS_PORT", String.valueOf(FreePorts.next()),
      "ANTEROOM_DATA_DIR", TestRedis.freshDirectory().getParent().toString()));
    nodes.add(node);
    return node;
  }

  private Answer health(NodeProcess node) {
    return student.get(node.adminUrl() + "/health/ready");
  }

  /** How often a node has said that it does not serve. */
  private static long refusals(String node) throws IOException {
    return Files.notExists(NodeProcess.log(node)) ? 0
      : Files.readAllLines(NodeProcess.log(node)).stream().filter(line -> line.contains("does not serve")).count();
  }
}
