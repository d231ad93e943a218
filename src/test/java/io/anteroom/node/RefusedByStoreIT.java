package io.anteroom.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node whose Redis is there and does not let it in does not wait for it. */
class RefusedByStoreIT {
  private final TestCluster lab = TestCluster.of(1);

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aWrongPasswordEndsTheStartInWords() throws IOException, InterruptedException {
    String url = lab.redis().access().urls().get(0);
    String name = "refused-" + url.substring(url.lastIndexOf(':') + 1);
    lab.with("ANTEROOM_REDIS_URL", url.replaceFirst(":[^:@]+@", ":wrong-s3cret@"));

    NodeProcess node = lab.node(name);

    assertThat(node.lastWords()).contains("redis.url: Redis does not accept the user or the password in it")
      .doesNotContain("\tat ");
    assertThat(node.exitCode()).isNotZero();
    assertThat(Files.readString(node.log())).doesNotContain("wrong-s3cret").doesNotContain("does not answer yet");
  }
}
