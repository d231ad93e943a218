package io.anteroom.trial.nemesis;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.trial.TrialSettings;

/** What may happen to the settings and lists of nodes. */
enum InstanceListNemesis implements Fault {
  INSTANCE_UNLISTED("an instance at work leaves instances.csv and comes back after 3 to 12 s") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      SimulatedComfy comfy = scene.anyInstance();
      scene.house().unlist(comfy);
      try {
        scene.lasts(3, 12);
      } finally {
        scene.house().listAll();
      }
      return comfy.name();
    }

    @Override
    public Reach reach() {
      return Reach.INSTANCE;
    }
  },

  NODES_DIFFER("a node is started again with a lower limit than the others have, for 4 to 12 s") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      int place = scene.anyMortal();
      restart(scene, place, TrialSettings.LIMIT - 3);
      scene.lasts(4, 12);
      restart(scene, place, TrialSettings.LIMIT);
      return "node-" + (place + 1);
    }

    @Override
    public Reach reach() {
      return Reach.NODE;
    }

    @Override
    public boolean countsFromTheBlow() {
      return false;
    }
  };

  private static final String LIMIT = "ANTEROOM_LIMIT_CONCURRENT";

  private final String story;

  InstanceListNemesis(String story) {
    this.story = story;
  }

  @Override
  public String story() {
    return story;
  }

  private static void restart(FaultContext scene, int place, int limit) throws InterruptedException {
    scene.house().stop(place);
    scene.house().start(place, LIMIT, String.valueOf(limit));
    scene.house().awaitReady(place);
  }
}
