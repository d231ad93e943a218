package io.anteroom.trial.nemesis;

import io.anteroom.trial.TrialSettings;

/** Faults of nodes. */
public enum NodeNemesis implements Fault {
  NODE_KILLED(Reach.NODE, "kill -9 of a node, started again after some seconds") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      int index = context.anyKillable();
      context.cluster().kill(index);
      context.pause(1, 8);
      context.cluster().start(index);
      context.cluster().awaitReady(index);
      return nodeAt(index);
    }
  },

  NODE_FROZEN(Reach.NODE, "SIGSTOP of a node for half a lease to three leases, then SIGCONT") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      int index = context.anyPlace();
      double lease = TrialSettings.LEASE.toSeconds();
      context.cluster().freeze(index);
      try {
        context.pause(lease / 2, lease * 3);
      } finally {
        context.cluster().thaw(index);
      }
      return nodeAt(index);
    }
  },

  NODE_STOPPED(Reach.NODE, "SIGTERM to a node, started again") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      int index = context.anyKillable();
      restart(context, index);
      return nodeAt(index);
    }
  },

  ROLLING_RESTART(Reach.NODE, "SIGTERM to one node after the other, each started again before the next") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      for (int index : context.killable()) {
        restart(context, index);
      }
      return "all nodes";
    }

    @Override
    public boolean countsFromStart() {
      return false;
    }
  },

  ALL_NODES_KILLED(Reach.ALL, "kill -9 of all nodes at once: Hazelcast is gone as well; all started again") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      int nodes = context.cluster().nodes().size();
      for (int index = 0; index < nodes; index++) {
        context.cluster().kill(index);
      }
      for (int index = 0; index < nodes; index++) {
        context.cluster().start(index);
      }
      for (int index = 0; index < nodes; index++) {
        context.cluster().awaitReady(index);
      }
      return "all nodes";
    }
  };

  private final Reach reach;
  private final String description;

  NodeNemesis(Reach reach, String description) {
    this.reach = reach;
    this.description = description;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Reach reach() {
    return reach;
  }

  private static void restart(FaultContext context, int index) throws InterruptedException {
    context.cluster().stop(index);
    context.cluster().start(index);
    context.cluster().awaitReady(index);
  }

  private static String nodeAt(int index) {
    return "node-" + (index + 1);
  }
}
