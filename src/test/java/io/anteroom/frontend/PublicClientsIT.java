package io.anteroom.frontend;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.Lab;
import io.anteroom.support.NodeClients;
import io.anteroom.support.NodeProcess;
import io.anteroom.support.Student;
import io.anteroom.support.Workflows;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients of ComfyUI that people use do at a student's address what they do at ComfyUI, though the lab is full. */
class PublicClientsIT {
  private static final String PNG = "89504e470d0a1a0a";

  private static Path clients;
  private static Lab lab;
  private static NodeProcess node;

  @BeforeAll
  static void start() {
    clients = NodeClients.installed();
    lab = Lab.of(2).with("COMFY_MAX_CONCURRENT", "1");
    node = lab.node().awaitReady();
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"saintno", "stable-canvas"})
  void clientWaitsItsTurnFollowsItsRunAndGetsItsPicture(String name) {
    Student alice = new Student("s1");
    Student bob = new Student("s2");
    String bobs = bob.run(node, Workflows.lasting(500)).taskId();
    until(() -> lab.ledger().hasStarted(bobs));

    try (NodeClients.Running client = NodeClients.run(clients, name, node.url() + "/u/" + alice.name())) {
      until(() -> waiting(alice) == 1);
      assertThat(client.said()).isEmpty();
      bob.cancel(node, bobs);

      assertThat(client.awaitEnd()).as(client.said()::toString).isZero();
      assertThat(client.said()).contains("progress 10/20", "progress 20/20").endsWith("picture " + PNG);
    }
  }

  private static int waiting(Student student) {
    return student.get(node.url() + "/api/v1/comfy/queue?user=" + student.name()).json().getInteger("waiting");
  }
}
