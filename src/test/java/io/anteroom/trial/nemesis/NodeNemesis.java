package io.anteroom.trial.nemesis;

import io.anteroom.trial.TrialSettings;

/** What may happen to nodes of Anteroom. */
public enum NodeNemesis implements Fault {
  NODE_KILLED(Reach.NODE, "kill -9 of a node, started again after some seconds") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      int place = scene.anyMortal();
      scene.house().kill(place);
      scene.lasts(1, 8);
      scene.house().start(place);
      scene.house().awaitReady(place);
      return nodeAt(place);
    }
  },

  NODE_FROZEN(Reach.NODE, "SIGSTOP of a node for half a lease to three leases, then SIGCONT") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      int place = scene.anyPlace();
      double lease = TrialSettings.LEASE.toSeconds();
      scene.house().freeze(place);
      try {
        scene.lasts(lease / 2, lease * 3);
      } finally {
        scene.house().thaw(place);
      }
      return nodeAt(place);
    }
  },

  NODE_STOPPED(Reach.NODE, "SIGTERM to a node, started again") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      int place = scene.anyMortal();
      restart(scene, place);
      return nodeAt(place);
    }
  },

  ROLLING_RESTART(Reach.NODE, "SIGTERM to one node after the other, each started again before the next") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      for (int place : scene.mortals()) {
        restart(scene, place);
      }
      return "all nodes";
    }

    @Override
    public boolean countsFromTheBlow() {
      return false;
    }
  },

  ALL_NODES_KILLED(Reach.EVERYBODY, "kill -9 of all nodes at once: Hazelcast is gone as well; all started again") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      int nodes = scene.house().nodes().size();
      for (int place = 0; place < nodes; place++) {
        scene.house().kill(place);
      }
      for (int place = 0; place < nodes; place++) {
        scene.house().start(place);
      }
      for (int place = 0; place < nodes; place++) {
        scene.house().awaitReady(place);
      }
      return "all nodes";
    }
  };

  private final Reach reach;
  private final String story;

  NodeNemesis(Reach reach, String story) {
    this.reach = reach;
    this.story = story;
  }

  @Override
  public String story() {
    return story;
  }

  @Override
  public Reach reach() {
    return reach;
  }

  private static void restart(FaultContext scene, int place) throws InterruptedException {
    scene.house().stop(place);
    scene.house().start(place);
    scene.house().awaitReady(place);
  }

  private static String nodeAt(int place) {
    return "node-" + (place + 1);
  }
}
