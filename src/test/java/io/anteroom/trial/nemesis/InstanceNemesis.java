package io.anteroom.trial.nemesis;

import static io.anteroom.support.Awaited.done;

import io.anteroom.simulator.SimulatedComfy;

/** Faults of instances, mostly of one that runs something. */
public enum InstanceNemesis implements Fault {
  INSTANCE_DOWN("connections are refused for 2 to 8 s, while its work goes on") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.goDown());
      context.pause(2, 8);
      done(comfy.comeUp());
    }
  },

  INSTANCE_RESTARTED("restarted: what ran is killed, queue and history are empty") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) {
      done(comfy.restart());
    }
  },

  INSTANCE_KILLED("killed, and started again empty after 2 to 8 s") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.goDown());
      done(comfy.forgetEverything());
      context.pause(2, 8);
      done(comfy.comeUp());
    }
  },

  INSTANCE_HANGS("takes every request and answers none for 2 to 10 s") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.hang());
      context.pause(2, 10);
      done(comfy.heal());
    }
  },

  ZOMBIE("its worker dies, HTTP goes on; restarted after 3 to 25 s") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.zombie());
      context.pause(3, 25);
      done(comfy.restart());
    }
  },

  INSTANCE_SLOW("every request takes 10 s, for 4 to 12 s") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.slow(10_000));
      context.pause(4, 12);
      done(comfy.heal());
    }
  },

  ANSWERS_LOST("takes its next two prompts, but breaks the connection instead of answering") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.loseAnswers(2));
      context.pause(3, 6);
      done(comfy.heal());
    }
  },

  ANSWERS_SPOILT("takes its next two prompts, but answers 500") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.answer500ButEnqueue(2));
      context.pause(3, 6);
      done(comfy.heal());
    }
  },

  DISK_FULL("answers every prompt with 500 and takes none, for 2 to 8 s") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.answer500(Integer.MAX_VALUE));
      context.pause(2, 8);
      done(comfy.heal());
    }
  },

  INSTANCE_STALLED("takes prompts and begins none for 3 to 10 s, while HTTP goes on") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.stall());
      context.pause(3, 10);
      done(comfy.heal());
    }
  },

  FLAPPING("refuses connections and listens again, five times in some seconds") {
    @Override
    void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException {
      for (int times = 0; times < 5; times++) {
        done(comfy.goDown());
        context.pause(0.1, 1);
        done(comfy.comeUp());
        context.pause(0.1, 1);
      }
    }
  };

  private final String description;

  InstanceNemesis(String description) {
    this.description = description;
  }

  abstract void inject(FaultContext context, SimulatedComfy comfy) throws InterruptedException;

  @Override
  public String inject(FaultContext context) throws InterruptedException {
    SimulatedComfy comfy = context.anyInstance();
    inject(context, comfy);
    return comfy.name();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Reach reach() {
    return Reach.INSTANCE;
  }
}
