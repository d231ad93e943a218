package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.WholeNode;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskState;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances that show a certificate of the lab's own authority. */
class TlsInstanceIT {
  @TempDir
  private Path folder;

  @Test
  void withItsAuthorityNamedPageAndRunWorkAsWithoutTls() {
    TestAuthority lab = new TestAuthority("lab", folder);
    try (WholeNode node = WholeNode.behindTls(lab.issue("gpu"), ComfyVersion.V0_28_0,
        Map.of("ANTEROOM_INSTANCE_TLS_CA", lab.file().toString()))) {
      assertThat(new Student("alice").get(node.page("alice")).status()).isEqualTo(200);

      String task = node.run("alice", Workflows.lasting(0));

      assertThat(node.awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    }
  }

  @Test
  void withoutItTheStudentReadsThatTheCertificateIsNotTrusted() {
    TestAuthority lab = new TestAuthority("lab", folder);
    try (WholeNode node = WholeNode.behindTls(lab.issue("gpu"), ComfyVersion.V0_28_0, Map.of())) {
      Answer page = new Student("alice").get(node.page("alice"));
      assertThat(page.status()).isEqualTo(502);
      assertThat(page.body()).contains("The certificate of 'comfy-1' is not trusted", "instance.tls.ca", "证书")
        .doesNotContain("cannot be reached");
      String task = node.run("alice", Workflows.lasting(0));

      until(() -> node.status(task).outage().filter(out -> out.kind() == InstanceOutage.Kind.UNTRUSTED).isPresent());
      assertThat(node.status(task).state()).isEqualTo(TaskState.QUEUED);
    }
  }
}
