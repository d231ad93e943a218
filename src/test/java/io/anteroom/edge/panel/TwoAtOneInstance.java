package io.anteroom.edge.panel;

import io.anteroom.simulator.ComfyVersion;
import io.anteroom.support.WholeNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A whole node before each test, and the panels of carol and dave, who share an instance. */
abstract class TwoAtOneInstance {
  WholeNode node;
  PanelUser carol;
  PanelUser dave;

  @BeforeEach
  void start() {
    node = WholeNode.start(ComfyVersion.V0_28_0);
    carol = new PanelUser(node, "carol");
    dave = new PanelUser(node, "dave");
  }

  @AfterEach
  void stop() {
    node.close();
  }
}
