package io.anteroom.trial.nemesis;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.trial.TrialSettings;

/** Faults of the settings and lists of nodes. */
enum InstanceListNemesis implements Fault {
  INSTANCE_UNLISTED("an instance at work leaves instances.csv and comes back after 3 to 12 s") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      SimulatedComfy comfy = context.anyInstance();
      context.cluster().unlist(comfy);
      try {
        context.pause(3, 12);
      } finally {
        context.cluster().listAll();
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
    public String inject(FaultContext context) throws InterruptedException {
      int index = context.anyKillable();
      restart(context, index, TrialSettings.LIMIT - 3);
      context.pause(4, 12);
      restart(context, index, TrialSettings.LIMIT);
      return "node-" + (index + 1);
    }

    @Override
    public Reach reach() {
      return Reach.NODE;
    }

    @Override
    public boolean countsFromStart() {
      return false;
    }
  };

  private static final String LIMIT = "ANTEROOM_LIMIT_CONCURRENT";

  private final String description;

  InstanceListNemesis(String description) {
    this.description = description;
  }

  @Override
  public String description() {
    return description;
  }

  private static void restart(FaultContext context, int index, int limit) throws InterruptedException {
    context.cluster().stop(index);
    context.cluster().start(index, LIMIT, String.valueOf(limit));
    context.cluster().awaitReady(index);
  }
}
