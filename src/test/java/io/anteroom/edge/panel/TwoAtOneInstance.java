package io.anteroom.edge.panel;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.WholeNode;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A whole node before each test, and the panels of carol and dave, who share an instance. */
abstract class TwoAtOneInstance {
  /** The place of their instance in the lab. */
  static final int SHARED = 2;

  final Student direct = new Student("direct");
  WholeNode node;
  PanelUser carol;
  PanelUser dave;

  @BeforeEach
  void start() {
    start(ComfyVersion.V0_28_0);
  }

  /** Another node, whose instances are of this version. */
  final void startAgain(ComfyVersion version) {
    node.close();
    start(version);
  }

  private void start(ComfyVersion version) {
    node = WholeNode.start(version);
    carol = new PanelUser(node, "carol");
    dave = new PanelUser(node, "dave");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /** The id of a run of this many seconds that an instance was sent past Anteroom. */
  String runWithoutTheQueue(int instance, double seconds) {
    return direct.post(node.comfy().instance(instance).url() + "/prompt",
      new JsonObject().put("prompt", Workflows.lasting(seconds)).encode()).json().getString("prompt_id");
  }

  /** The ids that their instance knows by itself. */
  Set<String> historyOfTheInstance() {
    return direct.get(node.comfy().instance(SHARED).url() + "/history").json().fieldNames();
  }
}
